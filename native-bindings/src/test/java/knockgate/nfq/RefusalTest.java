package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import knockgate.nfq.NativeException.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a procfs of plain files: what stands in it decides how EPERM is explained. */
class RefusalTest {
  private static final int EPERM = 1;
  private static final String ALL = "000001ffffffffff";
  private static final String ONLY_NET_ADMIN = "0000000000001000";
  private static final String ALL_BUT_NET_ADMIN = "000001ffffffefff";
  private static final String QUEUE_TABLE =
      "    7 4294963158     3 2   256     0     0     1042  1\n";
  private static final String NETLINK_TABLE =
      """
      sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
      0000000046b3cc40 0   4294963158 00000000 0        0        0     2        0        40
      000000002d863811 12  815        00000000 0        0        0     2        0        41
      000000002d863812 12  4294963158 00000000 0        0        0     2        0        42
      """;

  @TempDir Path proc;

  @BeforeEach
  void tableOfNetlinkSockets() throws IOException {
    write("thread-self/net/netlink", NETLINK_TABLE);
  }

  @ParameterizedTest
  @CsvSource({
    ALL + ", BUSY",
    ONLY_NET_ADMIN + ", BUSY",
    ALL_BUT_NET_ADMIN + ", PERMISSION",
    "0000000000000000, PERMISSION",
  })
  void missingCapabilityIsToldFromAHeldQueue(String capabilities, Kind kind) throws IOException {
    capabilities(capabilities);
    queues(QUEUE_TABLE);
    assertThat(explain(EPERM).kind()).isEqualTo(kind);
  }

  @Test
  void withoutTheCapabilityTheCureIsNamed() throws IOException {
    capabilities(ALL_BUT_NET_ADMIN);
    assertThat(explain(EPERM))
        .hasMessageStartingWith(
            "bind queue 7: EPERM, Operation not permitted (needs CAP_NET_ADMIN: run as root");
  }

  @Test
  void holderIsFoundThroughPortInodeAndDescriptor() throws IOException {
    capabilities(ALL);
    queues(QUEUE_TABLE);
    process("300", "innocent", "socket:[41]");
    process("4711", "knockgate", "pipe:[42]", "socket:[42]");
    assertThat(explain(EPERM).hint())
        .isEqualTo(
            "the queue belongs to process 4711 (knockgate); stop that, or choose another queue"
                + " number");
  }

  @Test
  void holderInAnotherContainerIsNamedByItsPort() throws IOException {
    capabilities(ALL);
    queues(QUEUE_TABLE);
    process("300", "innocent", "socket:[41]", "socket:[40]");
    assertThat(explain(EPERM).hint())
        .contains("a process that cannot be seen from here (netlink port 4294963158)");
  }

  @Test
  void freeQueueAndCapabilityLeaveTheUserNamespace() throws IOException {
    capabilities(ALL);
    queues("    8    815     3 2   256     0     0     1042  1\n");
    NativeException e = explain(EPERM);
    assertThat(e.kind()).isEqualTo(Kind.OTHER);
    assertThat(e).hasMessageContaining("user namespace");
  }

  @Test
  void unreadableTableOfQueuesIsSaid() throws IOException {
    capabilities(ALL);
    Files.createDirectories(proc.resolve("thread-self/net/netfilter/nfnetlink_queue"));
    NativeException e = explain(EPERM);
    assertThat(e.kind()).isEqualTo(Kind.BUSY);
    assertThat(e).hasMessageContaining("root can see which");
  }

  @ParameterizedTest
  @CsvSource({
    "22, UNSUPPORTED, EINVAL", // no handler for the subsystem: the module is not there
    "93, UNSUPPORTED, EPROTONOSUPPORT",
    "97, UNSUPPORTED, EAFNOSUPPORT",
    "95, UNSUPPORTED, ENOTSUP", // EOPNOTSUPP has the same number
    "24, OTHER, EMFILE",
    "12, OTHER, ENOMEM",
  })
  void otherErrnosAreNamed(int errno, Kind kind, String name) throws IOException {
    capabilities(ALL);
    NativeException e = explain(errno);
    assertThat(e.kind()).isEqualTo(kind);
    assertThat(e.errno()).isEqualTo(errno);
    assertThat(e.operation()).isEqualTo("bind queue 7");
    assertThat(e).hasMessageStartingWith("bind queue 7: " + name + ", ");
  }

  @Test
  void unknownErrnoKeepsItsNumber() {
    assertThat(explain(4095)).hasMessage("bind queue 7: errno 4095");
  }

  private NativeException explain(int errno) {
    return new Refusal(proc, 7).explain("bind queue 7", errno);
  }

  private void capabilities(String effective) throws IOException {
    write("thread-self/status", "Name:\tjava\nCapPrm:\t" + ALL + "\nCapEff:\t" + effective + "\n");
  }

  private void queues(String table) throws IOException {
    write("thread-self/net/netfilter/nfnetlink_queue", table);
  }

  private void process(String pid, String command, String... descriptors) throws IOException {
    write(pid + "/comm", command + "\n");
    for (int fd = 0; fd < descriptors.length; fd++) {
      Path link = proc.resolve(pid).resolve("fd").resolve(Integer.toString(fd));
      Files.createDirectories(link.getParent());
      Files.createSymbolicLink(link, Path.of(descriptors[fd]));
    }
  }

  private void write(String file, String text) throws IOException {
    Path path = proc.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}

package knockgate.nfq;

import static knockgate.nfq.PeerSet.Outcome.MISSING;
import static knockgate.nfq.PeerSet.Outcome.OPENED;
import static knockgate.nfq.PeerSet.Outcome.WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import knockgate.nfq.NativeException.Kind;
import knockgate.nfq.PeerSet.Outcome;
import knockgate.nfq.PeerSet.SetNames;
import org.junit.jupiter.api.Test;

/** Sets of the real kernel, read back by the tool ipset; each test in a namespace of its own. */
class PeerSetIT {
  private static final SetNames V4 = new SetNames(true, "kg4", "kg4-all");
  private static final SetNames V6 = new SetNames(false, "kg6", "kg6-all");
  private static final long MAPPED = 0xffffL << 32;

  @Test
  void peersAreInTheSetWhenSendReturns() throws Exception {
    Namespace.run(
        () -> {
          make(64);
          try (PeerSet v4 = PeerSet.open(V4, 64);
              PeerSet v6 = PeerSet.open(V6, 64)) {
            for (int i = 0; i < 3; i++) {
              v4.add(0, MAPPED | 0xc000_0200L | i, 0, 11);
              v6.add(0x2001_0db8_0000_0000L | i, i, 0, 11);
            }
            assertThat(v4.send(0, 11)).isEqualTo(WRITTEN);
            assertThat(v6.send(0, 11)).isEqualTo(WRITTEN);
            assertThat(members("kg4")).containsOnly("192.0.2.0", "192.0.2.1", "192.0.2.2");
            assertThat(members("kg6"))
                .containsOnly("2001:db8::", "2001:db8:0:1::1", "2001:db8:0:2::2");
            assertThat(timeoutOf("kg4", "192.0.2.1")).isBetween(11, 12);
            v4.add(0, MAPPED | 0xc000_0201L, 0, 29);
            v4.send(0, 29);
            assertThat(timeoutOf("kg4", "192.0.2.1")).as("put in again").isBetween(29, 30);
            assertThat(v4.send(0, 11)).as("nothing to send").isEqualTo(WRITTEN);
          }
        });
  }

  @Test
  void aPrefixOfTheSetItselfHoldsAllPeersInIt() throws Exception {
    Namespace.run(
        () -> {
          command("ipset create kg6 hash:ip family inet6 netmask 64 timeout 9");
          command("ipset create kg6-all hash:net family inet6 timeout 9");
          try (PeerSet v6 = PeerSet.open(V6, 64)) {
            assertThat(v6.probe()).isEqualTo(WRITTEN);
            command("ipset flush kg6");
            v6.add(0x2001_0db8_0000_0001L, 0x66, 0, 5);
            v6.add(0x2001_0db8_0000_0001L, 0x67, 0, 5);
            assertThat(v6.send(0, 5)).isEqualTo(WRITTEN);
            assertThat(members("kg6")).containsExactly("2001:db8:0:1::");
          }
        });
  }

  @Test
  void whenTheSetIsFullEveryoneIsLetInAndNothingWrittenForASecond() throws Exception {
    Namespace.run(
        () -> {
          make(4);
          for (SetNames names : List.of(V4, V6)) {
            try (PeerSet set = PeerSet.open(names, 64)) {
              for (int i = 0; i < 64; i++) {
                set.add(i, MAPPED | 0x0a00_0000L | i, 5000, 11);
              }
              assertThat(set.send(5000, 11)).isEqualTo(OPENED);
              assertThat(members(names.peers())).hasSize(4);
              List<String> halves =
                  names.v4() ? List.of("0.0.0.0/1", "128.0.0.0/1") : List.of("::/1", "8000::/1");
              assertThat(members(names.everyone())).containsExactlyInAnyOrderElementsOf(halves);
              assertThat(timeoutOf(names.everyone(), halves.get(1)))
                  .as("as long as an attempt that begins a second later")
                  .isBetween(12, 13);
              command("ipset flush " + names.peers());
              set.add(1, MAPPED | 0x0a00_0001L, 5999, 11);
              assertThat(set.send(5999, 11)).isEqualTo(WRITTEN);
              assertThat(members(names.peers())).as("everyone is in").isEmpty();
              set.add(1, MAPPED | 0x0a00_0001L, 5999, 12);
              set.send(5999, 12);
              assertThat(members(names.peers())).as("longer than everyone is in").hasSize(1);
              set.add(1, MAPPED | 0x0a00_0002L, 6000, 11);
              set.send(6000, 11);
              assertThat(members(names.peers())).as("a second later").hasSize(2);
            }
          }
        });
  }

  /** Small system defaults: the refusals of one batch overrun the socket, and are of no other. */
  @Test
  void refusalsThatFindNoRoomDoNotCountForTheNextSend() throws Exception {
    Namespace.run(
        () -> {
          make(4);
          try (PeerSet v4 = PeerSet.open(V4, 64)) {
            LibC c = NativeLibraries.get().c();
            int[] least = {0};
            c.setsockopt(v4.fd(), Netlink.SOL_SOCKET, Netlink.SO_RCVBUF, least, Integer.BYTES);
            for (int i = 0; i < 64; i++) {
              v4.add(0, MAPPED | 0x0a00_0000L | i, 0, 11);
            }
            assertThat(v4.send(0, 11)).isEqualTo(OPENED);
            assertThat(members("kg4-all")).hasSize(2);
          }
        });
  }

  /** As after a reload that switches the filter on. */
  @Test
  void everyoneIsLetInForAttemptsThatNobodyHasPutIn() throws Exception {
    Namespace.run(
        () -> {
          try (PeerSet v6 = PeerSet.open(V6, 64)) {
            assertThat(v6.letEveryoneIn(11)).isEqualTo(MISSING);
            make(64);
            assertThat(v6.letEveryoneIn(11)).isEqualTo(OPENED);
            assertThat(members("kg6-all")).containsExactlyInAnyOrder("::/1", "8000::/1");
            assertThat(timeoutOf("kg6-all", "::/1")).isBetween(12, 13);
            assertThat(members("kg6")).isEmpty();
          }
        });
  }

  @Test
  void aSetThatIsNotThereIsMissingUntilItIsMade() throws Exception {
    Namespace.run(
        () -> {
          try (PeerSet v4 = PeerSet.open(V4, 64)) {
            assertThat(v4.probe()).isEqualTo(MISSING);
            assertThat(put(v4)).isEqualTo(MISSING);
            make(64);
            assertThat(v4.probe()).isEqualTo(WRITTEN);
            assertThat(put(v4)).isEqualTo(WRITTEN);
            assertThat(members("kg4")).containsExactlyInAnyOrder("255.255.255.255", "192.0.2.7");
          }
        });
  }

  @Test
  void aSetOfAnotherKindLetsEveryoneInAndWithoutEveryoneItFails() throws Exception {
    Namespace.run(
        () -> {
          command("ipset create kg4 hash:ip family inet");
          try (PeerSet v4 = PeerSet.open(V4, 64)) {
            assertThat(put(v4)).isEqualTo(Outcome.FAILED);
            NativeException e = catchThrowableOfType(NativeException.class, v4::probe);
            assertThat(e.kind()).isEqualTo(Kind.OTHER);
            assertThat(e).hasMessageContaining("write to the kernel set kg4: ENOENT");
            command("ipset create kg4-all hash:net family inet timeout 9");
            assertThat(put(v4)).isEqualTo(OPENED);
          }
        });
  }

  @Test
  void whoMayNotIsToldSo() throws Exception {
    Namespace.run(
        () -> {
          make(64);
          Namespace.dropCapabilities();
          try (PeerSet v4 = PeerSet.open(V4, 64)) {
            assertThatThrownBy(v4::probe)
                .isInstanceOfSatisfying(
                    NativeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.PERMISSION))
                .hasMessageContaining("needs CAP_NET_ADMIN");
          }
        });
  }

  @Test
  void nothingIsAllocated() throws Exception {
    Namespace.run(
        () -> {
          make(65_536);
          ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
          try (PeerSet v4 = PeerSet.open(V4, 64)) {
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 5; round++) {
              long before = threads.getCurrentThreadAllocatedBytes();
              for (int i = 0; i < 64 * 256; i++) {
                v4.add(0, MAPPED | i + 1, 0, 11);
                if (i % 64 == 63) {
                  v4.send(0, 11);
                }
              }
              least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).isLessThan(256);
          }
        });
  }

  private static Outcome put(PeerSet set) {
    set.add(0, MAPPED | 0xc000_0207L, 0, 11);
    return set.send(0, 11);
  }

  private static void make(int most) throws Exception {
    for (String family : List.of("inet 4", "inet6 6")) {
      String[] words = family.split(" ", -1);
      command(
          "ipset create kg"
              + words[1]
              + " hash:ip family "
              + words[0]
              + " timeout 9 maxelem "
              + most);
      command("ipset create kg" + words[1] + "-all hash:net family " + words[0] + " timeout 9");
    }
  }

  private static String command(String words) throws Exception {
    return Namespace.command(words.split(" ", -1));
  }

  /** What is in a set, without the timeouts. */
  private static List<String> members(String set) throws Exception {
    String list = command("ipset list " + set);
    return list.substring(list.indexOf("Members:\n") + "Members:\n".length())
        .lines()
        .map(line -> line.replaceAll(" .*", ""))
        .toList();
  }

  private static int timeoutOf(String set, String member) throws Exception {
    Matcher line =
        Pattern.compile("^" + Pattern.quote(member) + " timeout (\\d+)$", Pattern.MULTILINE)
            .matcher(command("ipset list " + set));
    assertThat(line.find()).as("%s in %s", member, set).isTrue();
    return Integer.parseInt(line.group(1));
  }
}

package knockgate.gate.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import knockgate.gate.BareGate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The control socket's name in the file system: who may open it, and who takes it away. */
@Timeout(60)
class SocketFileTest {
  @TempDir private Path folder;
  private Path path;
  private BareGate gate;
  private ControlServer server;

  @BeforeEach
  void start() throws IOException {
    path = folder.resolve("run/control.sock");
    gate =
        BareGate.of(
            folder, "doors { imap { protects = [ tcp/993 ], knock = [ 4002, 4001, 4004 ] } }");
    server = ControlServer.start(path, null, gate.room(), gate.faults());
  }

  @AfterEach
  void noFaultAndNoSocketIsLeft() {
    server.close();
    assertThat(gate.room().instruments().faults()).isEmpty();
    assertThat(path).doesNotExist();
  }

  @Test
  void onlyWeMayOpenItWithoutAGroup() throws IOException {
    assertThat(mode(path)).isEqualTo("rw-------");
    assertThat(mode(folder.resolve("run"))).isEqualTo("rwx------");
    assertThat(folder.resolve("run")).isDirectoryNotContaining("glob:**/.*");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aGroupMayOpenIt() throws IOException {
    Path other = folder.resolve("other/control.sock");
    String group = Files.readAttributes(folder, PosixFileAttributes.class).group().getName();
    try (ControlServer grouped = ControlServer.start(other, group, gate.room(), gate.faults())) {
      assertThat(grouped).isNotNull();
      assertThat(mode(other)).isEqualTo("rw-rw----");
      assertThat(mode(folder.resolve("other"))).isEqualTo("rwxr-x---");
    }
  }

  @Test
  void aSecondGateDoesNotTakeItAway() {
    assertThatThrownBy(() -> ControlServer.start(path, null, gate.room(), gate.faults()))
        .isInstanceOf(IOException.class)
        .hasMessage(path + " is in use: another process answers there");
    assertThat(path).exists();
  }

  @Test
  void whatADeadGateLeftIsReplaced() throws IOException {
    Path left = folder.resolve("run/left.sock");
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(left));
    }
    assertThat(left).exists();
    try (ControlServer next = ControlServer.start(left, null, gate.room(), gate.faults());
        ControlClient client = ControlClient.connect(left)) {
      assertThat(next).isNotNull();
      assertThat(client.ask(Ask.DOORS, Map.of())).hasSize(1);
    }
    assertThat(left).doesNotExist();
  }

  @Test
  void aNameThatIsAnothersByNowIsLeftToIt() throws IOException {
    Path shared = folder.resolve("run/shared.sock");
    ControlServer first = ControlServer.start(shared, null, gate.room(), gate.faults());
    Files.delete(shared);
    Files.writeString(shared, "something else");
    first.close();
    assertThat(shared).hasContent("something else");
  }

  @Test
  void aDirectoryThatOthersWriteInIsRefused() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatThrownBy(
            () -> ControlServer.start(open.resolve("s"), null, gate.room(), gate.faults()))
        .hasMessage(
            open
                + " can be written by others (rwxrwxrwx), so no socket in it can be trusted; chmod"
                + " go-w it, or choose another directory");
  }

  @Test
  void whatCannotBeMadeIsToldInASentence() {
    Path nowhere = folder.resolve("no/such/control.sock");
    assertThatThrownBy(() -> ControlServer.start(nowhere, null, gate.room(), gate.faults()))
        .hasMessageStartingWith(nowhere + " cannot be made: ");
    assertThatThrownBy(
            () ->
                ControlServer.start(
                    folder.resolve("run/x"), "no-such-group", gate.room(), gate.faults()))
        .hasMessage("there is no group \"no-such-group\" on this machine");
  }
}

package knockgate.gate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import knockgate.gate.BareGate;
import knockgate.gate.control.ControlServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What confirming rules says of the gate beside them. */
@Timeout(60)
class ConfirmCommandTest {
  @TempDir private Path folder;
  private final Client client = new Client();
  private ServerSocketChannel rules;

  @BeforeEach
  void applyRules() throws IOException {
    rules = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    rules.bind(UnixDomainSocketAddress.of(folder.resolve("confirm.sock")));
    Thread trial = new Thread(this::keep, "rules on trial");
    trial.setDaemon(true);
    trial.start();
  }

  @AfterEach
  void close() throws IOException {
    rules.close();
  }

  /** What {@code knockgate rules --confirm} answers who comes in time. */
  private void keep() {
    try (SocketChannel channel = rules.accept()) {
      channel.read(ByteBuffer.allocate(100));
      channel.write(ByteBuffer.wrap("kept\n".getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      // closed: nobody asked
    }
  }

  private int confirm() {
    return client.run(
        "confirm",
        "--confirm-socket",
        folder.resolve("confirm.sock").toString(),
        "-s",
        folder.resolve("control.sock").toString());
  }

  private int confirmBeside(BareGate gate) throws IOException {
    ControlServer server =
        ControlServer.start(folder.resolve("control.sock"), null, gate.room(), gate.faults());
    try {
      return confirm();
    } finally {
      server.close();
    }
  }

  private BareGate gate() {
    return BareGate.of(folder, "doors { imap { protects = [ tcp/993 ], knock = [ 1, 2 ] } }");
  }

  @Test
  void ofAGateThatIsNotThereOrWaitsForNothingNothingIsSaid() throws IOException {
    assertThat(confirm()).isZero();
    assertThat(client.out()).isEqualTo("The rules stay.\n");
    assertThat(client.err()).isEmpty();

    applyRulesAgain();
    assertThat(confirmBeside(gate())).isZero();
    assertThat(client.out()).isEqualTo("The rules stay.\n");
    assertThat(client.err()).isEmpty();
  }

  private void applyRulesAgain() throws IOException {
    rules.close();
    Files.delete(folder.resolve("confirm.sock"));
    applyRules();
  }

  @Test
  void theRulesStayButAGateThatOnlyObservesByNowIsTold() throws IOException {
    BareGate gate = gate();
    gate.missConfirmation();

    assertThat(confirmBeside(gate)).isEqualTo(1);
    assertThat(client.out()).isEqualTo("The rules stay.\n");
    assertThat(client.err()).contains("the gate only observes: knockgate observe off");
  }
}

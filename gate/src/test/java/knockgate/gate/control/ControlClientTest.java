package knockgate.gate.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A command's end of the socket, towards somebody who is no gate. */
@Timeout(60)
class ControlClientTest {
  @TempDir private Path folder;
  private Path path;
  private ServerSocketChannel server;

  @BeforeEach
  void listen() throws IOException {
    path = folder.resolve("s");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
  }

  @AfterEach
  void end() throws IOException {
    server.close();
  }

  @Test
  void aLineBreakInAValueBeginsNoOtherKey() {
    for (String peer : new String[] {"192.0.2.1\nfor=never", "192.0.2.1\rfor=never"}) {
      try (ControlClient client = ControlClient.connect(path)) {
        assertThatThrownBy(() -> client.ask(Ask.GRANT, Map.of("door", "imap", "peer", peer)))
            .isInstanceOfSatisfying(
                Failure.class, f -> assertThat(f.exitCode()).isEqualTo(ExitCode.USAGE))
            .hasMessage("the peer has a line break");
      }
    }
  }

  @Test
  void whatIsNoAnswerOfAGateIsAFailureThatShowsIt() throws IOException {
    try (ControlClient client = ControlClient.connect(path);
        SocketChannel other = server.accept()) {
      other.write(ByteBuffer.wrap("220 mail.example.com ESMTP\n".getBytes(UTF_8)));
      assertThatThrownBy(() -> client.ask(Ask.STATUS, Map.of()))
          .isInstanceOfSatisfying(
              Failure.class, f -> assertThat(f.exitCode()).isEqualTo(ExitCode.CANNOT))
          .hasMessage(path + ": this is no answer of a gate: 220 mail.example.com ESMTP");
    }
  }

  @Test
  void aGateThatIsStoppedIsNotWaitedForForEver() {
    try (ControlClient client = ControlClient.connect(path, 50)) {
      assertThatThrownBy(() -> client.ask(Ask.STATUS, Map.of()))
          .isInstanceOfSatisfying(
              Failure.class, f -> assertThat(f.exitCode()).isEqualTo(ExitCode.CANNOT))
          .hasMessageContaining("the gate at " + path + " does not answer: is it stopped?");
    }
  }

  @Test
  void anAnswerThatHasBegunMayTakeItsTimeAndSoMayOneThatFollows() throws Exception {
    for (Map<String, String> fields : List.of(Map.of("most", "1"), Map.of("follow", "yes"))) {
      try (ControlClient client = ControlClient.connect(path, 1000);
          SocketChannel other = server.accept()) {
        Thread gate = new Thread(() -> answer(other, fields.containsKey("follow")));
        gate.start();
        List<String> heard = new ArrayList<>();
        client.ask(Ask.EVENTS, fields, row -> heard.add(row.text("text")));
        gate.join();
        assertThat(heard).containsExactly("one");
      }
    }
  }

  /** One row and the end, with 1.2 s in between or, of a client that follows, before. */
  private static void answer(SocketChannel client, boolean later) {
    try {
      Thread.sleep(later ? 1200 : 0);
      write(client, Row.of("").with("text", "one"));
      Thread.sleep(later ? 0 : 1200);
      write(client, Row.of("end").with("ok", true));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(SocketChannel client, Row row) throws IOException {
    client.write(ByteBuffer.wrap((row.json() + "\n").getBytes(UTF_8)));
  }
}

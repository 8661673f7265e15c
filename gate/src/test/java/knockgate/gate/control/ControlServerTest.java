package knockgate.gate.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import knockgate.gate.BareGate;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.fault.FaultLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The control socket itself, with real clients. */
@Timeout(60)
class ControlServerTest {
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

  private SocketChannel connect() throws IOException {
    SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
    client.connect(UnixDomainSocketAddress.of(path));
    return client;
  }

  private static void write(SocketChannel client, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      client.write(bytes);
    }
  }

  private static BufferedReader reader(SocketChannel client) {
    return new BufferedReader(Channels.newReader(client, UTF_8));
  }

  private static List<String> answer(BufferedReader lines) throws IOException {
    List<String> answer = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      answer.add(line);
      if (line.startsWith("{\"what\":\"end\"")) {
        break;
      }
    }
    return answer;
  }

  @Test
  void oneClientMayAskManyThings() {
    try (ControlClient client = ControlClient.connect(path)) {
      for (int i = 0; i < 50; i++) {
        assertThat(client.ask(Ask.GRANTS, Map.of())).hasSize(i);
        client.ask(Ask.GRANT, Map.of("door", "imap", "peer", "203.0.113." + i));
      }
    }
  }

  @Test
  void requestsMayComeInPiecesOrAtOnce() throws IOException {
    try (SocketChannel client = connect()) {
      BufferedReader lines = reader(client);
      for (char letter : "ask=grants\n\n".toCharArray()) {
        write(client, String.valueOf(letter));
      }
      assertThat(answer(lines)).containsExactly("{\"what\":\"end\",\"ok\":true}");
      write(client, "ask=doors\n\nask=grants\n\nask=attempts\n\nask=");
      assertThat(answer(lines)).hasSize(2);
      assertThat(answer(lines)).hasSize(1);
      assertThat(answer(lines)).hasSize(1);
      write(client, "doors\n\n");
      assertThat(answer(lines)).hasSize(2);
    }
  }

  @Test
  void aRefusalKeepsItsExitCodeAndSentence() {
    try (ControlClient client = ControlClient.connect(path)) {
      assertThatThrownBy(() -> client.ask(Ask.PKNOCK, Map.of("door", "x")))
          .isInstanceOfSatisfying(
              Failure.class, f -> assertThat(f.exitCode()).isEqualTo(ExitCode.NOT_SO))
          .hasMessage("there is no door \"x\"; the doors are imap");
      assertThat(client.ask(Ask.DOORS, Map.of())).hasSize(1);
    }
  }

  @Test
  void aRequestWithoutAnEndIsCutOff() throws IOException {
    try (SocketChannel client = connect()) {
      write(client, "x".repeat(Request.MOST_BYTES));

      BufferedReader lines = reader(client);
      assertThat(answer(lines))
          .containsExactly(
              "{\"what\":\"end\",\"ok\":false,\"exit\":2,"
                  + "\"text\":\"a request has at most 1024 bytes\"}");
      assertThat(lines.readLine()).isNull();
    }
  }

  @Test
  void clientsAreBoundedAndTheOthersAreServed() throws IOException {
    List<SocketChannel> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 31; i++) {
        silent.add(connect());
      }
      try (ControlClient last = ControlClient.connect(path)) {
        assertThat(last.ask(Ask.DOORS, Map.of())).hasSize(1);
        try (ControlClient tooMany = ControlClient.connect(path)) {
          // by the second answer, it has been turned away before it has asked
          assertThat(last.ask(Ask.DOORS, Map.of())).hasSize(1);
          assertThat(last.ask(Ask.DOORS, Map.of())).hasSize(1);
          assertThatThrownBy(() -> tooMany.ask(Ask.DOORS, Map.of()))
              .hasMessage("as many clients as there may be are there; try again");
        }
        assertThat(last.ask(Ask.DOORS, Map.of())).hasSize(1);
      }
    } finally {
      for (SocketChannel client : silent) {
        client.close();
      }
    }
  }

  @Test
  void aClientThatReadsNothingHoldsUpNobody() throws IOException {
    for (int i = 0; i < 2000; i++) {
      gate.send("10.0." + i / 250 + "." + i % 250, "tcp/4002");
    }
    try (SocketChannel lazy = connect();
        ControlClient busy = ControlClient.connect(path)) {
      write(lazy, "ask=attempts\n\n".repeat(70));
      assertThat(busy.ask(Ask.ATTEMPTS, Map.of())).hasSize(2000);
      BufferedReader late = reader(lazy);
      for (int i = 0; i < 70; i++) {
        assertThat(answer(late)).hasSize(2001);
      }
    }
  }

  @Test
  void whoFollowsMissesNothingAndSeesNothingTwice() throws IOException {
    gate.send("203.0.113.1", "tcp/4002");
    try (SocketChannel client = connect()) {
      BufferedReader lines = reader(client);
      write(client, "ask=events\nfollow=yes\nmost=10\n\n");
      assertThat(lines.readLine()).contains("203.0.113.1");
      for (int i = 2; i < 200; i++) {
        gate.send("203.0.113." + i, "tcp/4002");
      }
      for (int i = 2; i < 200; i++) {
        assertThat(lines.readLine()).contains("\"peer\":\"203.0.113." + i + "\"");
      }
    }
  }

  @Test
  void whoFollowsTooSlowlyLosesLinesAndTheyAreCounted() throws IOException {
    try (SocketChannel lazy = connect()) {
      write(lazy, "ask=events\nfollow=yes\n\n");
      try (ControlClient other = ControlClient.connect(path)) {
        // the answer behind that request has been taken when this one comes back
        other.ask(Ask.DOORS, Map.of());
        for (int i = 0; i < 8000; i++) {
          gate.send("10." + i / 65536 + "." + i / 256 % 256 + "." + i % 256, "tcp/4002");
        }
        long lost = 0;
        while (lost == 0) {
          lost = other.ask(Ask.STATUS, Map.of()).get(0).number("events_not_followed");
        }
        assertThat(lost).isPositive();
      }
    }
  }

  @Test
  void anEndWhileClientsAreThereIsAnEndForThem() throws IOException {
    try (ControlClient client = ControlClient.connect(path)) {
      client.ask(Ask.STOP, Map.of());
      assertThat(gate.isStopped()).isTrue();
      server.close();
      assertThatThrownBy(() -> client.ask(Ask.STATUS, Map.of()))
          .hasMessage("the gate at " + path + " has ended");
    }
  }

  @Test
  void noGateIsToldInASentence() {
    Path nobody = folder.resolve("nobody.sock");
    assertThatThrownBy(() -> ControlClient.connect(nobody))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.exitCode()).isEqualTo(ExitCode.NOT_SO))
        .hasMessage(
            "no gate answers at "
                + nobody
                + ": is it running, and is this its control.socket? (-s PATH)");
  }

  /** Such as a class that is not in the jar any more, for a newer one has taken its place. */
  @Test
  void anErrorInAnAnswerCostsThatClientAndNotTheSocket() throws IOException {
    ControlRoom room = gate.room();
    ControlRoom faulty =
        new ControlRoom(
            room.instruments(),
            room.current(),
            room.state(),
            room.desk(),
            room.decisions(),
            room.feed(),
            room.clocks(),
            () -> {
              throw new NoClassDefFoundError("knockgate/gate/Gone");
            });
    FaultLog faults = new FaultLog(new PrintStream(OutputStream.nullOutputStream()));
    Path other = folder.resolve("run/other.sock");
    try (ControlServer second = ControlServer.start(other, null, faulty, faults)) {
      assertThat(second).isNotNull();
      assertThat(ask(other, "ask=stop\n\n")).isEmpty();
      assertThat(ask(other, "ask=doors\n\n")).hasSize(2);
    }
  }

  private static List<String> ask(Path path, String request) throws IOException {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      write(client, request);
      return answer(reader(client));
    }
  }
}

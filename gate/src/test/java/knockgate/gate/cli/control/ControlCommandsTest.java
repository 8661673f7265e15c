package knockgate.gate.cli.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import knockgate.gate.BareGate;
import knockgate.gate.cli.Client;
import knockgate.gate.control.ControlServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that talk to a running gate, from their words to what they print. */
@Timeout(60)
class ControlCommandsTest {
  private static final String PEER = "203.0.113.9";

  @TempDir private Path folder;
  private final Client client = new Client();
  private BareGate gate;
  private ControlServer server;
  private Path socket;

  @BeforeEach
  void start() throws IOException {
    socket = folder.resolve("run/control.sock");
    gate =
        BareGate.of(
            folder,
            "doors { imap { protects = [ tcp/993 ], knock = [ 4002, 4001 ], autoclose = 60m } }");
    server = ControlServer.start(socket, null, gate.room(), gate.faults());
  }

  @AfterEach
  void end() {
    server.close();
  }

  private String said(int exitCode, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-s", socket.toString()));
    assertThat(client.run(all.toArray(String[]::new))).as(client.err()).isEqualTo(exitCode);
    return exitCode == 0 ? client.out() : client.err();
  }

  @Test
  void aGrantIsGivenExtendedListedAndTakenBack() {
    assertThat(said(0, "grants")).isEqualTo("Nobody holds a grant.\n");
    assertThat(said(0, "grant", "imap", PEER, "--for", "10m"))
        .isEqualTo("Door imap is open to 203.0.113.9 for 10 min.\n");
    assertThat(said(0, "extend", "imap", PEER, "--for", "2h"))
        .isEqualTo("Door imap is open to 203.0.113.9 for 2 h.\n");
    assertThat(said(0, "grants", "imap")).contains("203.0.113.9", "2 h", "unlimited");
    assertThat(said(0, "revoke", "imap", "203.0.113.0/24"))
        .isEqualTo("Door imap is closed to 203.0.113.9.\n");
    assertThat(said(1, "revoke", "imap", PEER)).contains("holds no grant for imap");
    assertThat(said(0, "grant", "imap", PEER))
        .as("without --for as long as the door says")
        .isEqualTo("Door imap is open to 203.0.113.9 for 60 min.\n");
  }

  @Test
  void theSameAsJson() {
    assertThat(said(0, "grant", "imap", PEER, "--for", "10m", "--json"))
        .isEqualTo(
            "{\"what\":\"grant\",\"door\":\"imap\",\"peer\":\"203.0.113.9\",\"left_ms\":600000}\n");
    assertThat(said(0, "attempts", "--json")).isEmpty();
    assertThat(said(0, "doors", "--json")).startsWith("{\"what\":\"door\",\"door\":\"imap\"");
    assertThat(said(0, "observe", "on", "--json")).startsWith("{\"what\":\"gate\"");
  }

  @Test
  void listsAndExplanationsAreInWords() {
    gate.send(PEER, "tcp/4002");
    assertThat(said(0, "attempts")).contains("DOOR", "imap", PEER, "1 of 2");
    assertThat(said(0, "doors")).contains("imap", "tcp/993");
    assertThat(said(0, "why", PEER)).contains("1 of 2 knocks made", "  imap  first knock");
    assertThat(said(0, "why", "203.0.113.0/24")).contains("  imap  203.0.113.9  first knock");
    assertThat(said(0, "status")).isNotBlank();
    assertThat(said(0, "status", "--pknock", "imap")).contains("src=203.0.113.9");
    assertThat(said(1, "attempts", "nosuch")).contains("the doors are imap");
  }

  @Test
  void theGateItselfIsTold() {
    assertThat(said(0, "observe", "on")).isEqualTo("The gate only observes: everything passes.\n");
    assertThat(said(0, "observe", "off")).isEqualTo("The gate enforces.\n");
    assertThat(said(0, "reload")).isEqualTo("The policy was read again and is in use.\n");
    assertThat(said(0, "stop")).isEqualTo("The gate was asked to end.\n");
    assertThat(gate.isStopped()).isTrue();
  }

  @Test
  void nothingIsNoNumberOfPicturesOrLines() {
    assertThat(said(2, "top", "--count", "0")).contains("--count 1 or more");
    assertThat(said(2, "events", "--lines", "0")).contains("--lines is 1 or more");
  }

  @Test
  void aLineBreakInAPeerIsAMistakeOfWhoeverAsks() {
    assertThat(said(2, "grant", "imap", "203.0.113.9\nfor=never")).contains("has a line break");
    assertThat(said(0, "grants")).isEqualTo("Nobody holds a grant.\n");
  }
}

package knockgate.gate.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import knockgate.gate.BareGate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grants given, extended, listed and taken back by hand. */
class GrantAnswersTest {
  private static final String PEER = "203.0.113.9";
  private static final String POLICY =
      "doors { imap { protects = [ tcp/993 ], knock = [ 4002, 4001 ], autoclose = 60m } }";

  @TempDir private Path folder;
  private BareGate gate;

  @BeforeEach
  void open() {
    gate = BareGate.of(folder, POLICY);
  }

  private List<String> json(String request) {
    return Asked.json(gate, request);
  }

  @Test
  void aGrantByHandOpensTheDoorForItsTime() {
    assertThat(json("ask=grant\ndoor=imap\npeer=" + PEER + "\nfor=10m"))
        .containsExactly(
            "{\"what\":\"grant\",\"door\":\"imap\",\"peer\":\"203.0.113.9\",\"left_ms\":600000}");
    gate.after(599_000);
    assertThat(json("ask=grants")).hasSize(1);
    gate.after(1_001);
    assertThat(json("ask=grants")).isEmpty();
  }

  @Test
  void aGrantByHandLastsAsTheDoorSaysOrForEver() {
    assertThat(json("ask=grant\ndoor=imap\npeer=" + PEER)).first().asString().contains("3600000");
    assertThat(json("ask=grant\ndoor=imap\npeer=2001:db8::1\nfor=never"))
        .containsExactly("{\"what\":\"grant\",\"door\":\"imap\",\"peer\":\"2001:db8::1\"}");
  }

  @Test
  void aShorterGrantByHandLeavesTheLongerOne() {
    gate.send(PEER, "tcp/4002", "tcp/4001");

    assertThat(json("ask=grant\ndoor=imap\npeer=" + PEER + "\nfor=1m"))
        .first()
        .asString()
        .contains("3600000");
  }

  @Test
  void grantsAreExtendedButNotShortened() {
    gate.send(PEER, "tcp/4002", "tcp/4001").after(1000);

    assertThat(json("ask=extend\ndoor=imap\npeer=" + PEER + "\nfor=2h"))
        .first()
        .asString()
        .contains("7200000");
    assertThat(
            Asked.refusal(gate, Access.CHANGE, "ask=extend\ndoor=imap\npeer=" + PEER + "\nfor=1m"))
        .isEqualTo("1 that would shorten the grant of 203.0.113.9; revoke it, then grant it anew");
    assertThat(Asked.refusal(gate, Access.CHANGE, "ask=extend\ndoor=imap\npeer=192.0.2.1"))
        .isEqualTo("1 192.0.2.1 holds no grant for imap");
  }

  @Test
  void aPrefixIsRevokedWhole() {
    gate.send("203.0.113.1", "tcp/4002", "tcp/4001");
    gate.send("203.0.113.2", "tcp/4002", "tcp/4001");
    gate.send("198.51.100.1", "tcp/4002", "tcp/4001");

    assertThat(json("ask=revoke\ndoor=imap\npeer=203.0.113.0/24")).hasSize(2);
    assertThat(json("ask=grants")).hasSize(1).first().asString().contains("198.51.100.1");
  }

  /** Its connection may still stand, and kill-established is to cut it. */
  @Test
  void aGrantWhoseConnectionsAreSpentIsRevokedToo() {
    gate =
        BareGate.of(folder, POLICY.replace("autoclose = 60m", "autoclose = 60m, connections = 1"));
    gate.send(PEER, "tcp/4002", "tcp/4001", "tcp/993");

    assertThat(json("ask=grants")).isEmpty();
    assertThat(json("ask=revoke\ndoor=imap\npeer=" + PEER)).hasSize(1);
    assertThat(Asked.refusal(gate, Access.CHANGE, "ask=revoke\ndoor=imap\npeer=" + PEER))
        .isEqualTo("1 " + PEER + " holds no grant for imap");
  }

  @Test
  void grantsOfADoorThatIsGoneAreListedByItsNameAndTakenBack() throws IOException {
    gate.send(PEER, "tcp/4002", "tcp/4001");
    Files.writeString(gate.file(), POLICY.replace("imap", "web"));
    json("ask=reload");

    assertThat(json("ask=grants\ndoor=imap")).hasSize(1).first().asString().contains(PEER);
    assertThat(json("ask=grants\ndoor=web")).isEmpty();
    assertThat(Asked.refusal(gate, Access.CHANGE, "ask=revoke\ndoor=imap\npeer=192.0.2.1"))
        .isEqualTo("1 192.0.2.1 holds no grant for imap");
    assertThat(json("ask=revoke\ndoor=imap\npeer=203.0.113.0/24"))
        .hasSize(1)
        .first()
        .asString()
        .contains(PEER);
    assertThat(json("ask=grants")).isEmpty();
    assertThat(Asked.refusal(gate, Access.CHANGE, "ask=revoke\ndoor=imap\npeer=" + PEER))
        .isEqualTo("1 there is no door \"imap\"; the doors are web");
    assertThat(Asked.refusal(gate, Access.CHANGE, "ask=grants\ndoor=imap"))
        .isEqualTo("1 there is no door \"imap\"; the doors are web");

    Files.writeString(gate.file(), POLICY);
    json("ask=reload");
    assertThat(json("ask=grants")).as("nor does the door come back with it").isEmpty();
  }

  @Test
  void whoTakesBackAGrantIsToldThatTheDiskDoesNotKnow() {
    Asked.rows(gate, "ask=grant\ndoor=imap\npeer=" + PEER);
    gate.failToSave();
    assertThat(Asked.refusal(gate, Access.CHANGE, "ask=revoke\ndoor=imap\npeer=" + PEER))
        .startsWith("5 the door imap is shut for 203.0.113.9 now, but that could not be saved");
    assertThat(json("ask=grants")).isEmpty();
  }
}

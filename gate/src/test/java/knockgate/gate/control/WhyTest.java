package knockgate.gate.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import knockgate.gate.BareGate;
import knockgate.gate.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What became of a peer, in sentences. */
class WhyTest {
  private static final String PEER = "203.0.113.9";

  @TempDir private Path folder;
  private BareGate gate;

  @BeforeEach
  void open() {
    gate =
        BareGate.of(
            folder,
            "rescue = [ \"192.0.2.0/24\" ]",
            "limits { first-knocks = \"2/s\" }",
            "doors {",
            "  imap { protects = [ tcp/993 ], knock = [ 4002, 4001, 4004 ], autoclose = 60m }",
            "  fast { protects = [ tcp/22 ], knock = [ udp/1, udp/2 ], time = none, window = 5s,",
            "         autoclose = never, connections = 2, covers = { v4 = 24 } }",
            "}");
  }

  private List<String> why(String what) {
    return Asked.texts(gate, "ask=why\npeer=" + PEER + "\n", what);
  }

  @Test
  void aStrangerIsUnknown() {
    gate.after(42_000);

    assertThat(why("state"))
        .containsExactly("No door is open to 203.0.113.9, and it is in the middle of no sequence.");
    assertThat(why("seen")).isEmpty();
    assertThat(why("missing"))
        .containsExactly(
            "Nothing of it is remembered, and memory goes back 42 s, to the start. Either no packet"
                + " of it reached the queue (look at the rules: \"knockgate rules\"), or none"
                + " concerned a door.");
  }

  @Test
  void anOpenDoorIsToldWithItsTime() {
    gate.send(PEER, "tcp/4002").after(140).send(PEER, "tcp/4001", "tcp/4004").after(60_000);
    gate.send(PEER, "tcp/993", "tcp/993");

    assertThat(why("state"))
        .containsExactly("Door imap is open to 203.0.113.9 for another 59 min.");
    assertThat(why("seen"))
        .containsExactly(
            "first knock, tcp/4002: step 1 of 3",
            "second knock, tcp/4001, 140 ms later: step 2 of 3",
            "third knock, tcp/4004: open for 60 min",
            "tcp/993 admitted");
    assertThat(why("missing")).isEmpty();
  }

  @Test
  void equalThingsOnEndAreToldOnceWithTheirNumber() {
    gate.send(PEER, "tcp/993", "tcp/993").after(3000).send(PEER, "tcp/993");

    List<Row> seen =
        Asked.rows(gate, "ask=why\npeer=" + PEER).stream()
            .filter(row -> row.what().equals("seen"))
            .toList();
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).number("times")).isEqualTo(3);
    assertThat(seen.get(0).number("ago_ms")).isZero();
    assertThat(why("missing"))
        .containsExactly("Door imap: it asked for tcp/993 without a knock before.");
  }

  @Test
  void aLateKnockIsToldWithItsLimit() {
    gate.send(PEER, "tcp/4002").after(41_000).send(PEER, "tcp/4001").after(500);

    assertThat(why("seen"))
        .last()
        .isEqualTo("second knock, tcp/4001, came 41 s after the first; the limit is 10 s");
    assertThat(why("missing"))
        .containsExactly(
            "Door imap: the second knock, tcp/4001, came 41 s after the first; the limit is 10 s."
                + " It has to begin again with the first knock.");
  }

  @Test
  void aSequenceThatTookTooLongIsToldWithItsWindow() {
    gate.send(PEER, "udp/1").after(6_000).send(PEER, "udp/2");

    assertThat(why("missing"))
        .containsExactly(
            "Door fast: the second knock, udp/2, came too late for the whole sequence, which may"
                + " take 5 s. It has to begin again with the first knock.");
  }

  @Test
  void aWrongKnockIsToldWithTheRightOneButNotToReaders() {
    gate.send(PEER, "tcp/4002", "tcp/4001", "tcp/80");

    assertThat(why("missing"))
        .containsExactly(
            "Door imap: the third knock was wrong: tcp/80 instead of tcp/4004. The door is strict,"
                + " so that ended the attempt. It has to begin again with the first knock.");
    assertThat(Asked.rows(gate, Access.LOOK, "ask=why\npeer=" + PEER))
        .extracting(row -> row.text("text"))
        .noneMatch(text -> text.contains("4004"))
        .anyMatch(text -> text.contains("the third knock was wrong: tcp/80. The door"));
  }

  @Test
  void anAttemptIsToldWhileItGoesOnAndAfterIt() {
    gate.send(PEER, "tcp/4002").after(1000).send(PEER, "tcp/4001").after(4000);

    assertThat(why("state"))
        .containsExactly(
            "Door imap: 2 of 3 knocks made, the last 4 s ago; the next must come within 6 s.");
    assertThat(why("missing"))
        .containsExactly("Door imap: the third of 3 knocks, tcp/4004, has still to come.");

    gate.after(7000);
    assertThat(why("state"))
        .containsExactly("No door is open to 203.0.113.9, and it is in the middle of no sequence.");
    assertThat(why("missing"))
        .containsExactly(
            "Door imap: the third of 3 knocks, tcp/4004, did not come within 10 s. It has to begin"
                + " again with the first knock.");
  }

  @Test
  void aGrantOfAPrefixIsThePeersToo() {
    gate.send("203.0.113.77", "udp/1", "udp/2").after(1000);

    assertThat(why("state"))
        .containsExactly(
            "Door fast is open to 203.0.113.0 until it is revoked, 2 connections left.");
  }

  @Test
  void theEndOfAGrantIsWhatIsMissing() {
    gate.send(PEER, "udp/1", "udp/2", "tcp/22", "tcp/22").after(2000);

    assertThat(why("missing"))
        .containsExactly(
            "Door fast: the grant's last connection was used 2 s ago. It has to begin again with"
                + " the first knock.");
  }

  @Test
  void tooManyFirstKnocksAreToldWithTheLimit() {
    gate.send(PEER, "tcp/4002", "tcp/4002", "tcp/4002", "tcp/4002", "tcp/4002");

    assertThat(why("missing"))
        .containsExactly(
            "Door imap: its first knock was not counted: more than 2 first knocks a second from"
                + " its prefix (limits.first-knocks).");
  }

  @Test
  void rescueAndObserveAreTold() {
    gate.room().current().observe(true);

    assertThat(Asked.texts(gate, "ask=why\npeer=192.0.2.7", "state"))
        .containsExactly(
            "192.0.2.7 is a rescue address (192.0.2.0/24): it is always admitted.",
            "The gate only observes: it says what it would do, and lets everything pass.");
    gate.send(PEER, "tcp/993");
    assertThat(why("seen")).containsExactly("tcp/993 refused: no grant (only observed: it passed)");
  }

  @Test
  void whatWasLeftOutInAFloodIsAdmitted() {
    gate.count(Counter.EVENTS_SUPPRESSED, 12_345).send(PEER, "tcp/993");

    assertThat(why("missing"))
        .last()
        .isEqualTo(
            "12345 events were left out since the start because too many came at once; some may"
                + " have been about it.");
  }

  @Test
  void oneScreenIsEnoughForAnybody() {
    for (int i = 0; i < 200; i++) {
      gate.send(PEER, "tcp/4002", "tcp/993", "tcp/22", "udp/1").after(1000);
    }

    assertThat(Asked.rows(gate, "ask=why\npeer=" + PEER)).hasSizeLessThanOrEqualTo(18);
  }

  @Test
  void aPrefixTakesInAllItsPeers() {
    gate.send("203.0.113.1", "tcp/993")
        .send("203.0.113.2", "tcp/993")
        .send("198.51.100.1", "tcp/22");

    assertThat(Asked.rows(gate, "ask=why\npeer=203.0.113.0/24"))
        .filteredOn(row -> row.what().equals("seen"))
        .extracting(row -> row.text("peer"))
        .containsExactly("203.0.113.1", "203.0.113.2");
    assertThat(Asked.texts(gate, "ask=why\npeer=203.0.113.0/24", "missing"))
        .containsExactly("Door imap, 203.0.113.1: it asked for tcp/993 without a knock before.");
  }
}

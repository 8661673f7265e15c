package knockgate.gate.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import knockgate.gate.BareGate;
import knockgate.gate.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gate answers, and what it does. */
class AnswersTest {
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
  void readersLookButChangeNothing() {
    for (Ask ask : Ask.values()) {
      String request = "ask=" + ask.word() + "\ndoor=imap\npeer=" + PEER + "\nmode=on";
      boolean changes = ask.compareTo(Ask.GRANT) >= 0;
      if (changes) {
        assertThat(Asked.refusal(gate, Access.LOOK, onlyKnownKeys(ask, request)))
            .isEqualTo(
                "4 only root and the user that the gate runs as may ask it to " + ask.word());
      } else {
        assertThat(Asked.rows(gate, Access.LOOK, onlyKnownKeys(ask, request)))
            .last()
            .matches(row -> row.flag("ok"), ask.word());
      }
    }
    assertThat(gate.isStopped()).isFalse();
    assertThat(json("ask=grants")).isEmpty();
  }

  private static String onlyKnownKeys(Ask ask, String request) {
    return request
        .lines()
        .filter(line -> line.startsWith("ask=") || ask.keys().contains(line.split("=", 2)[0]))
        .reduce("", (all, line) -> all + line + "\n");
  }

  @Test
  void nobodyElseMayAskAtAll() {
    assertThat(Asked.refusal(gate, Access.NOTHING, "ask=status"))
        .isEqualTo("4 only root and the user that the gate runs as may ask it to status");
  }

  @Test
  void mistakesAreRefusedWithTheirExitCode() {
    String[][] rows = {
      {"ask=grant\ndoor=x\npeer=1.2.3.4", "1 there is no door \"x\"; the doors are imap"},
      {
        "ask=grant\ndoor=imap\npeer=203.0.113.0/24",
        "1 a grant of imap covers 203.0.113.0 and no more; 203.0.113.0/24 is wider"
      },
      {
        "ask=grant\ndoor=imap\npeer=host.example",
        "2 \"host.example\" is not an IPv4 or IPv6 address such as 192.0.2.10 or 2001:db8::1"
      },
      {"ask=grant\ndoor=imap", "2 ask=grant needs a line peer=..."},
      {
        "ask=grant\ndoor=imap\npeer=1.2.3.4\nfor=10",
        "2 \"10\" is not a duration; write a number and one of ms, s, m, h, d, such as 10m, or"
            + " never"
      },
      {"ask=observe\nmode=maybe", "2 mode=maybe is neither on nor off"},
      {"ask=attempts\ndoor=x", "1 there is no door \"x\"; the doors are imap"},
    };
    for (String[] row : rows) {
      assertThat(Asked.refusal(gate, Access.CHANGE, row[0])).as("%s", row[0]).isEqualTo(row[1]);
    }
  }

  @Test
  void attemptsComeTheFurthestAlongFirst() {
    Path other = folder;
    gate =
        BareGate.of(
            other, "doors { d { protects = [ tcp/1 ], knock = [ 5, 6, 7 ], window = 8s } }");
    gate.send("203.0.113.1", "tcp/5", "tcp/6").after(1000).send("203.0.113.2", "tcp/5").after(2000);

    assertThat(json("ask=attempts"))
        .containsExactly(
            "{\"what\":\"attempt\",\"door\":\"d\",\"peer\":\"203.0.113.1\",\"step\":2,\"steps\":3,"
                + "\"left_ms\":5000,\"last_ago_ms\":3000,\"first_ago_ms\":3000}",
            "{\"what\":\"attempt\",\"door\":\"d\",\"peer\":\"203.0.113.2\",\"step\":1,\"steps\":3,"
                + "\"left_ms\":6000,\"last_ago_ms\":2000,\"first_ago_ms\":2000}");
    assertThat(json("ask=attempts\nmost=1")).hasSize(1);
  }

  @Test
  void doorsTellTheirSequenceToWhomTheyOpenAnyway() {
    gate.send(PEER, "tcp/4002", "tcp/4001").send("203.0.113.1", "tcp/4002");

    assertThat(json("ask=doors"))
        .containsExactly(
            "{\"what\":\"door\",\"door\":\"imap\",\"protects\":\"tcp/993\",\"opens\":\"2 knocks\","
                + "\"steps\":2,\"time_ms\":10000,\"knock\":\"tcp/4002 tcp/4001\","
                + "\"autoclose_ms\":3600000,\"attempts\":1,\"grants\":1}");
    assertThat(Asked.rows(gate, Access.LOOK, "ask=doors").get(0).has("knock")).isFalse();
  }

  @Test
  void aWrongPolicyIsRefusedAndTheOldOneStays() throws IOException {
    gate.send(PEER, "tcp/4002");
    Files.writeString(gate.file(), POLICY.replace("993", "70000"));

    assertThat(Asked.refusal(gate, Access.CHANGE, "ask=reload"))
        .startsWith("3 ")
        .contains("doors.imap.protects[0]");
    gate.send(PEER, "tcp/4001");
    assertThat(json("ask=grants")).hasSize(1);
  }

  @Test
  void aRightPolicyKeepsAttemptsAndGrantsOfDoorsThatRemain() throws IOException {
    gate.send(PEER, "tcp/4002", "tcp/4001").send("203.0.113.1", "tcp/4002");
    Files.writeString(
        gate.file(),
        POLICY.replace("993", "994")
            + "\nqueue.length = 5\nlimits.grants = 9\ncontrol.group = adm");

    assertThat(json("ask=reload"))
        .containsExactly(
            "{\"what\":\"waiting\",\"key\":\"queue.length\"}",
            "{\"what\":\"waiting\",\"key\":\"limits.grants\"}",
            "{\"what\":\"waiting\",\"key\":\"control\"}");
    assertThat(json("ask=grants")).hasSize(1);
    gate.send("203.0.113.1", "tcp/4001");
    assertThat(json("ask=grants")).hasSize(2);
    assertThat(json("ask=doors")).first().asString().contains("tcp/994");
  }

  @Test
  void observingHoldsUntilTheNextReload() {
    assertThat(json("ask=observe\nmode=on")).isEmpty();
    assertThat(gate.room().policy().observe()).isTrue();
    assertThat(Asked.rows(gate, "ask=status").get(0).text("mode")).isEqualTo("observe");
    assertThat(json("ask=reload")).isEmpty();
    assertThat(gate.room().policy().observe()).isFalse();
  }

  @Test
  void stopIsHandedOn() {
    assertThat(json("ask=stop")).isEmpty();
    assertThat(gate.isStopped()).isTrue();
  }

  @Test
  void statusTellsEveryCounterAndEveryLane() {
    gate.count(Counter.PACKETS, 12).send(PEER, "tcp/4002").after(5000);
    gate.faults().record("test", new IllegalStateException("planted"));

    List<Row> rows = Asked.rows(gate, "ask=status");
    Row first = rows.get(0);
    assertThat(first.number("packets")).isEqualTo(12);
    assertThat(first.number("attempts")).isEqualTo(1);
    assertThat(first.number("uptime_ms")).isEqualTo(5000);
    assertThat(first.number("resident_bytes")).isGreaterThan(1 << 20);
    for (Counter counter : Counter.values()) {
      assertThat(first.has(counter.word().replace('-', '_'))).as("%s", counter).isTrue();
    }
    assertThat(rows)
        .filteredOn(row -> row.what().equals("lane"))
        .singleElement()
        .matches(lane -> lane.number("queue") == 7 && lane.number("ring_size") == 64);
    assertThat(rows)
        .filteredOn(row -> row.what().equals("fault"))
        .singleElement()
        .matches(fault -> fault.text("text").contains("planted") && fault.number("count") == 1);
  }

  @Test
  void eventsAreTheLinesThatAreWrittenElsewhere() {
    gate.send(PEER, "tcp/4002").after(140).send(PEER, "tcp/4001");

    assertThat(json("ask=events"))
        .containsExactly(
            "{\"time\":\"2026-11-22T12:00:00Z\",\"event\":\"knock\",\"reason\":\"first-knock\","
                + "\"door\":\"imap\",\"peer\":\"203.0.113.9\",\"protocol\":\"tcp\",\"port\":4002,"
                + "\"step\":1,\"steps\":2,\"text\":\"first knock\"}",
            "{\"time\":\"2026-11-22T12:00:00.140Z\",\"event\":\"grant\",\"reason\":\"opened\","
                + "\"door\":\"imap\",\"peer\":\"203.0.113.9\",\"protocol\":\"tcp\",\"port\":4001,"
                + "\"step\":2,\"steps\":2,\"ms\":3600000,\"text\":\"last knock: the door is"
                + " open\"}");
    assertThat(json("ask=events\nmost=1")).hasSize(1).first().asString().contains("opened");
  }

  @Test
  void whoDoesItByHandIsNamed() {
    for (String ask : List.of("grant", "extend", "revoke")) {
      json("ask=" + ask + "\ndoor=imap\npeer=" + PEER);
    }
    gate.send("198.51.100.1", "tcp/4002");

    assertThat(json("ask=events").subList(0, 3))
        .allMatch(line -> line.contains(",\"by\":\"root\",\"text\":"));
    assertThat(json("ask=events").get(3)).doesNotContain("\"by\"");
    assertThat(Asked.texts(gate, "ask=why\npeer=" + PEER, "seen"))
        .containsExactly(
            "granted by hand for 60 min (by root)",
            "end moved by hand: open for 60 min (by root)",
            "the grant was taken back (by root)");
  }
}

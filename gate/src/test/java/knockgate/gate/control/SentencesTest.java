package knockgate.gate.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import knockgate.gate.BareGate;
import knockgate.gate.events.Decision;
import knockgate.gate.events.EventLines;
import knockgate.rules.MessageReport;
import knockgate.rules.policy.Policy;
import knockgate.rules.spa.FwknopMessage;
import knockgate.rules.spa.FwknopType;
import knockgate.rules.spa.HashKind;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decisions in words, one by one. */
class SentencesTest {
  private static final long HOUR = 3_600_000;

  @TempDir private Path folder;
  private Policy policy;

  @BeforeEach
  void read() {
    policy =
        BareGate.of(folder, "doors { imap { protects = [ tcp/993 ], knock = [ 4002, 4001 ] } }")
            .room()
            .policy();
  }

  private static Decision message(Reason reason, long millis) {
    Prefix peer = Prefix.parse("203.0.113.9");
    return new Decision(
        0, reason, "vpn", peer, Protocol.UDP, 62201, 0, 0, millis, null, false, null);
  }

  private static Decision clock(long aheadMs) {
    Prefix peer = Prefix.parse("203.0.113.9");
    FwknopMessage said =
        new FwknopMessage(
            "0123456789012345",
            "alice",
            0,
            FwknopMessage.VERSION,
            FwknopType.ACCESS,
            "0.0.0.0,tcp/22",
            null,
            null,
            0,
            HashKind.SHA256);
    MessageReport report = new MessageReport("alice", said, null, aheadMs, null);
    return new Decision(
        0, Reason.SPA_CLOCK, "vpn", peer, Protocol.UDP, 62201, 0, 0, -1, report, false, null);
  }

  @Test
  void messagesAreToldWithTheirPort() {
    Object[][] rows = {
      {message(Reason.SPA_OPENED, HOUR), "message to udp/62201: open for 60 min"},
      {
        message(Reason.SPA_HMAC, -1),
        "message to udp/62201: the HMAC is wrong: another key, another clock or another address"
      },
      {message(Reason.SPA_REPLAY, -1), "message to udp/62201: the message was used before"},
      {
        clock(3 * HOUR),
        "message to udp/62201: the sender's clock is 3 h ahead, more than is allowed"
      },
      {clock(-1), "message to udp/62201: the sender's clock is 1 ms behind, more than is allowed"},
    };
    Sentences sentences = new Sentences(policy, true);
    for (Object[] row : rows) {
      assertThat(sentences.seen((Decision) row[0])).isEqualTo(row[1]);
    }
    assertThat(sentences.missing("vpn", clock(3 * HOUR), 0, false))
        .isEqualTo("Door vpn: the sender's clock is 3 h ahead, more than is allowed.");
    assertThat(sentences.missing("vpn", message(Reason.AUTOCLOSED, -1), 5 * HOUR, false))
        .isEqualTo("Door vpn: the grant ended by itself 5 h ago. It has to send a new message.");
  }

  @Test
  void everyReasonHasASentence() {
    Sentences sentences = new Sentences(policy, false);
    for (Reason reason : Reason.values()) {
      Decision decision = message(reason, 5000);
      assertThat(sentences.seen(decision)).as("%s", reason).isNotBlank();
      assertThat(sentences.missing("vpn", decision, 7000, false))
          .as("%s", reason)
          .startsWith("Door vpn: ")
          .endsWith(".");
    }
  }

  @Test
  void theClockDifferenceIsInTheEventToo() {
    assertThat(new String(EventLines.line(clock(-HOUR)), UTF_8))
        .contains("\"clock_ahead_ms\":-3600000");
  }
}

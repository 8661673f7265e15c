package knockgate.rules;

import static knockgate.rules.Gate.door;
import static knockgate.rules.Gate.sequence;
import static knockgate.rules.Messages.KEYS;
import static knockgate.rules.Messages.OTHER_KEYS;
import static knockgate.rules.Messages.ask;
import static knockgate.rules.Messages.fwknop;
import static knockgate.rules.Messages.gate;
import static knockgate.rules.Messages.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Verdict;
import org.junit.jupiter.api.Test;

/** Doors that fwknop messages open, packet by packet. */
class FwknopGateTest {
  private static final String PEER = "203.0.113.9";
  private static final String PEER6 = "2001:db8::9";

  @Test
  void aMessageOpensThePortsItAsksForAndNoOther() {
    Gate gate = gate(fwknop("d", KEYS, new PortRange(Protocol.TCP, 20, 29)));
    Packet packet = message(gate, PEER, 62201, ask("0.0.0.0,tcp/22,tcp/25", 0));
    assertThat(packet.noteReason(0)).isEqualTo(Reason.SPA_OPENED);
    assertThat(packet.verdict).isEqualTo(Verdict.DROP);
    MessageReport report = packet.report;
    assertThat(report == null ? "" : report.message().user()).isEqualTo("feat");
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.packet.report).isNull();
    assertThat(gate.verdict(PEER, "tcp/25")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.verdict(PEER, "tcp/23")).isEqualTo(Verdict.DROP);
    assertThat(gate.verdict("203.0.113.10", "tcp/22")).isEqualTo(Verdict.DROP);
  }

  @Test
  void theGrantLastsAsLongAsTheMessageSays() {
    Gate gate = gate(fwknop("d", KEYS, new PortRange(Protocol.TCP, 20, 29)));
    assertThat(message(gate, PEER, 62201, ask("0.0.0.0,tcp/22", 45)).noteMillis(0))
        .isEqualTo(45_000);
    gate.nowMs += 44_999;
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
    gate.nowMs += 1;
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.DROP);
  }

  /** The door's own grants last an hour. */
  @Test
  void aStanzaWithoutATimeoutOpensUntilItIsRevoked() {
    Gate gate = gate(fwknop("d", KEYS, new PortRange(Protocol.TCP, 20, 29)));
    assertThat(message(gate, PEER, 62201, ask("0.0.0.0,tcp/22", 0)).noteMillis(0))
        .isEqualTo(GrantTable.NEVER);
    gate.nowMs += Duration.ofDays(30).toMillis();
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void theAddressInsideIsTheOneThatGetsIn() {
    Gate gate = gate(fwknop("d", KEYS, new PortRange(Protocol.TCP, 20, 29)));
    message(gate, PEER6, 62201, ask("192.0.2.77,tcp/22", 0));
    assertThat(gate.verdict("192.0.2.77", "tcp/22")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.verdict(PEER6, "tcp/22")).isEqualTo(Verdict.DROP);
    message(gate, PEER6, 62201, ask("0.0.0.0,tcp/23", 0));
    assertThat(gate.verdict(PEER6, "tcp/23")).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void doorsOfOnePortAreAskedInOrderAndAMessageIsUsedOnce() {
    // The same user, with the same keys, at two doors: each opens what is its own.
    Gate gate =
        gate(
            fwknop("ssh", KEYS, new PortRange(Protocol.TCP, 22, 22)),
            fwknop("other", OTHER_KEYS, new PortRange(Protocol.TCP, 23, 23)),
            fwknop("web", KEYS, new PortRange(Protocol.TCP, 443, 443)));
    byte[] web = ask("0.0.0.0,tcp/443", 0);
    Packet packet = message(gate, PEER, 62201, web);
    assertThat(packet.notes()).isOne();
    assertThat(packet.noteReason(0)).isEqualTo(Reason.SPA_OPENED);
    assertThat(packet.noteDoor(0)).isEqualTo(2);
    assertThat(gate.verdict(PEER, "tcp/443")).isEqualTo(Verdict.ACCEPT);
    assertThat(message(gate, PEER, 62201, web).noteReason(0)).isEqualTo(Reason.SPA_REPLAY);
    packet = message(gate, PEER, 62201, ask("0.0.0.0,tcp/23", 0));
    assertThat(packet.notes()).isOne();
    assertThat(packet.noteReason(0)).isEqualTo(Reason.SPA_PORT);
  }

  @Test
  void messagesDoNotDisturbSequencesOfAnotherProtocol() {
    Gate gate =
        gate(
            door("knocks", sequence(true, "tcp/1", "tcp/2"), 24),
            fwknop("d", KEYS, new PortRange(Protocol.TCP, 22, 22)));
    gate.send(PEER, "tcp/1");
    message(gate, PEER, 62201, ask("0.0.0.0,tcp/22", 0));
    gate.send(PEER, "tcp/2");
    assertThat(gate.verdict(PEER, "tcp/24")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
  }
}

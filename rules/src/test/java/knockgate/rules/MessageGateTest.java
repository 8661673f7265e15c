package knockgate.rules;

import static knockgate.rules.Gate.door;
import static knockgate.rules.Gate.policy;
import static knockgate.rules.Messages.CLOSE;
import static knockgate.rules.Messages.KEYS;
import static knockgate.rules.Messages.OPEN;
import static knockgate.rules.Messages.OTHER_KEYS;
import static knockgate.rules.Messages.START_MS;
import static knockgate.rules.Messages.ask;
import static knockgate.rules.Messages.fwknop;
import static knockgate.rules.Messages.gate;
import static knockgate.rules.Messages.message;
import static knockgate.rules.Messages.pknock;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Spa;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.PknockVerifier;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Verdict;
import org.junit.jupiter.api.Test;

/** Doors that pknock messages open, packet by packet, and what messages of any kind may cost. */
class MessageGateTest {
  private static final String PEER = "203.0.113.9";
  private static final String PEER6 = "2001:db8::9";

  @Test
  void theOpenMessageOpensForThatPeerOnlyAndAtOnce() {
    for (String peer : List.of(PEER, PEER6)) {
      Gate gate = gate(pknock("d", 1, 22));
      assertThat(gate.verdict(peer, "tcp/22")).isEqualTo(Verdict.DROP);
      Packet packet = message(gate, peer, 4002, pknock(gate, peer, OPEN, 0));
      assertThat(packet.verdict).isEqualTo(Verdict.DROP);
      assertThat(packet.reason).isEqualTo(Reason.SILENT_KNOCK);
      assertThat(packet.noteReason(0)).isEqualTo(Reason.SPA_OPENED);
      assertThat(packet.noteMillis(0)).isEqualTo(3_600_000);
      assertThat(gate.verdict(peer, "tcp/22")).isEqualTo(Verdict.ACCEPT);
      assertThat(gate.packet.mark).isEqualTo(0x124b);
      assertThat(gate.verdict("203.0.113.10", "tcp/22")).isEqualTo(Verdict.DROP);
    }
  }

  @Test
  void theCloseMessageShutsTheDoorAndOnlyAnOpenOne() {
    Gate gate = gate(pknock("d", 1, 22));
    byte[] close = pknock(gate, PEER, CLOSE, 0);
    assertThat(message(gate, PEER, 4002, close).noteReason(0)).isEqualTo(Reason.SPA_NOT_OPEN);
    message(gate, PEER, 4002, pknock(gate, PEER, OPEN, 0));
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
    assertThat(message(gate, PEER, 4002, close).noteReason(0)).isEqualTo(Reason.SPA_CLOSED);
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.DROP);
  }

  @Test
  void aPeerOpensOnceAMinuteAndEachMessageCountsOnce() {
    Gate gate = gate(pknock("d", 1, 22));
    byte[] first = pknock(gate, PEER, OPEN, 0);
    byte[] next = pknock(gate, PEER, OPEN, 60);
    byte[] after = pknock(gate, PEER, OPEN, 120);
    message(gate, PEER, 4002, first);
    assertThat(message(gate, PEER, 4002, first).noteReason(0)).isEqualTo(Reason.SPA_ALREADY);
    message(gate, PEER, 4002, pknock(gate, PEER, CLOSE, 0));
    assertThat(message(gate, PEER, 4002, first).noteReason(0)).isEqualTo(Reason.SPA_REPLAY);
    assertThat(message(gate, PEER, 4002, next).noteReason(0)).isEqualTo(Reason.SPA_MINUTE_USED);
    gate.nowMs += 60_000;
    assertThat(message(gate, PEER, 4002, first).noteReason(0)).isEqualTo(Reason.SPA_REPLAY);
    assertThat(message(gate, PEER, 4002, next).noteReason(0)).isEqualTo(Reason.SPA_REPLAY);
    assertThat(message(gate, PEER, 4002, after).noteReason(0)).isEqualTo(Reason.SPA_OPENED);
  }

  @Test
  void onlyMessagesAreSwallowedAndOnlyOnTheirPort() {
    Gate gate = gate(pknock("d", 1, 22));
    byte[] wrong = pknock(gate, PEER, Secret.ofText("another"), 0);
    byte[] right = pknock(gate, PEER, OPEN, 0);
    assertThat(message(gate, PEER, 4002, wrong).verdict).isEqualTo(Verdict.DROP);
    assertThat(gate.packet.noteReason(0)).isEqualTo(Reason.SPA_HMAC);
    assertThat(message(gate, PEER, 4002, new byte[65]).verdict).isEqualTo(Verdict.ACCEPT);
    assertThat(message(gate, PEER, 4002, new byte[0]).verdict).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.packet.notes()).isZero();
    assertThat(message(gate, PEER, 4003, right).verdict).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.DROP);
    message(gate, PEER, 4002, right);
    assertThat(message(gate, PEER, 53, new byte[30]).verdict).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void aPortThatIsBothTakesMessagesEvenFromThoseWhoAreIn() {
    PknockSpa spa = new PknockSpa(OPEN, CLOSE, 1, false, true);
    Door door =
        new Door(
            "d",
            List.of(new PortRange(Protocol.UDP, 4000, 4010)),
            new Spa(4002, spa),
            Duration.ofHours(1),
            32,
            128,
            0);
    Gate gate = gate(door);
    assertThat(message(gate, PEER, 4002, new byte[30]).verdict).isEqualTo(Verdict.DROP);
    message(gate, PEER, 4002, pknock(gate, PEER, OPEN, 0));
    assertThat(message(gate, PEER, 4002, new byte[30]).verdict).isEqualTo(Verdict.ACCEPT);
    Packet close = message(gate, PEER, 4002, pknock(gate, PEER, CLOSE, 0));
    assertThat(close.verdict).isEqualTo(Verdict.DROP);
    assertThat(close.noteReason(0)).isEqualTo(Reason.SPA_CLOSED);
    assertThat(message(gate, PEER, 4002, new byte[30]).verdict).isEqualTo(Verdict.DROP);
  }

  @Test
  void aMessageThatWasNotCapturedWholeIsNone() {
    Gate gate = gate(pknock("d", 1, 22));
    gate.packet.payloadCut = true;
    assertThat(message(gate, PEER, 4002, pknock(gate, PEER, OPEN, 0)).notes()).isZero();
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.DROP);
  }

  @Test
  void observeOpensAndAccepts() {
    Gate gate = new Gate(policy(true, pknock("d", 1, 22)));
    gate.startMs = START_MS;
    Packet packet = message(gate, PEER, 4002, pknock(gate, PEER, OPEN, 0));
    assertThat(packet.verdict).isEqualTo(Verdict.ACCEPT);
    assertThat(packet.intended).isEqualTo(Verdict.DROP);
    gate.send(PEER, "tcp/22");
    assertThat(gate.packet.intended).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.packet.reason).isEqualTo(Reason.GRANTED);
  }

  @Test
  void whatWasUsedStaysUsedOverAReload() {
    Gate gate = gate(pknock("d", 1, 22));
    byte[] open = pknock(gate, PEER, OPEN, 0);
    message(gate, PEER, 4002, open);
    message(gate, PEER, 4002, pknock(gate, PEER, CLOSE, 0));
    gate.keeper.use(new PolicyPlan(policy(pknock("d", 1, 22)), gate.state));
    assertThat(message(gate, PEER, 4002, open).noteReason(0)).isEqualTo(Reason.SPA_REPLAY);
  }

  @Test
  void messagesBeyondAPrefixsBudgetAreNotLookedAt() {
    Gate gate = gate(pknock("d", 1, 22));
    byte[] wrong = pknock(gate, PEER, Secret.ofText("another"), 0);
    int judged = 0;
    for (int i = 0; i < 1000; i++) {
      judged += message(gate, PEER, 4002, wrong).noteReason(0) == Reason.SPA_HMAC ? 1 : 0;
    }
    assertThat(judged).isEqualTo(50);
    assertThat(gate.packet.noteReason(0)).isEqualTo(Reason.OVER_BUDGET);
    String other = "203.0.113.10";
    assertThat(message(gate, other, 4002, pknock(gate, other, OPEN, 0)).noteReason(0))
        .isEqualTo(Reason.SPA_OPENED);
  }

  @Test
  void messagesBeyondTheBudgetOfAllAreNotLookedAt() {
    Gate gate = gate(pknock("d", 1, 22));
    byte[] wrong = pknock(gate, PEER, Secret.ofText("another"), 0);
    int judged = 0;
    for (int i = 0; i < 40_000; i++) {
      String peer = "10." + i / 62_500 + "." + i / 250 % 250 + "." + i % 250;
      judged += message(gate, peer, 4002, wrong).noteReason(0) == Reason.SPA_HMAC ? 1 : 0;
    }
    long earnedNs =
        MessageBudget.SHARE
            * new PknockVerifier(new PknockSpa(OPEN, CLOSE, 1, false, true)).costNs();
    // half of what may come at once with a look at the close secret too, the rest without
    long explained = MessageBudget.BURST_NS / 2 / (2 * earnedNs);
    long others = (MessageBudget.BURST_NS - explained * 2 * earnedNs) / earnedNs;
    assertThat(judged).isEqualTo((int) (explained + others));
    gate.nowMs += 1;
    assertThat(message(gate, PEER, 4002, pknock(gate, PEER, OPEN, 0)).noteReason(0))
        .isEqualTo(Reason.SPA_OPENED);
  }

  @Test
  void aForgedMessageCostsNoAllocation() {
    Gate gate = gate(pknock("p", 1, 22), fwknop("f", KEYS, new PortRange(Protocol.TCP, 23, 23)));
    byte[] forgedFwknop = ask(OTHER_KEYS, "0.0.0.0,tcp/22", 0);
    byte[] forgedPknock = pknock(gate, PEER, Secret.ofText("another"), 0);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      forge(gate, forgedFwknop, forgedPknock, 20_000);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).as("bytes for 40,000 messages").isLessThan(1000);
  }

  private static void forge(Gate gate, byte[] one, byte[] two, int rounds) {
    Packet packet = gate.packet;
    packet.readable = true;
    packet.version = 4;
    packet.protocol = Protocol.UDP;
    packet.srcHi = 0;
    for (int i = 0; i < rounds; i++) {
      gate.nowMs++;
      packet.srcLo = Prefix.v4(0x0a00_0000 + i);
      decide(gate, packet, 62201, one);
      decide(gate, packet, 4002, two);
    }
  }

  private static void decide(Gate gate, Packet packet, int port, byte[] payload) {
    packet.dstPort = port;
    System.arraycopy(payload, 0, packet.payload, 0, payload.length);
    packet.payloadLength = payload.length;
    gate.keeper.decide(packet, gate.nowMs * 1_000_000, START_MS + gate.nowMs);
    if (packet.noteReason(0) != Reason.SPA_HMAC) {
      throw new AssertionError(packet.noteReason(0));
    }
  }
}

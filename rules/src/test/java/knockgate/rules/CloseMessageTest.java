package knockgate.rules;

import static knockgate.rules.Gate.policy;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Spa;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Verdict;
import org.junit.jupiter.api.Test;

/** Where and how often a close message of xt_pknock counts: {@code closing = once | always}. */
class CloseMessageTest {
  private static final String PEER = "203.0.113.9";
  private static final long START_MS = 1_795_332_540_000L; // a whole minute
  private static final Secret OPEN = Secret.ofText("s3cret-open");
  private static final Secret CLOSE = Secret.ofText("s3cret-close");

  @Test
  void onceMeansOnThePortOfTheMessagesOnly() {
    Gate gate = openGate(false);
    Packet stray = send(gate, 53, CLOSE);
    assertThat(stray.verdict).isEqualTo(Verdict.ACCEPT);
    assertThat(stray.notes()).isZero();
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
    assertThat(send(gate, 4002, CLOSE).noteReason(0)).isEqualTo(Reason.SPA_CLOSED);
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.DROP);
  }

  @Test
  void alwaysMeansOnEveryUdpPortAndThePacketGoesItsWay() {
    for (int port : new int[] {1, 53, 4001, 4002, 65535}) {
      Gate gate = openGate(true);
      Packet close = send(gate, port, CLOSE);
      assertThat(close.noteReason(0)).as("port %d", port).isEqualTo(Reason.SPA_CLOSED);
      assertThat(close.verdict).isEqualTo(port == 4002 ? Verdict.DROP : Verdict.ACCEPT);
      assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.DROP);
    }
  }

  @Test
  void elsewhereNothingOpensAndNothingIsTold() {
    Gate gate = gate(true);
    for (Secret secret : List.of(OPEN, CLOSE, Secret.ofText("another"))) {
      Packet packet = send(gate, 53, secret);
      assertThat(packet.verdict).isEqualTo(Verdict.ACCEPT);
      assertThat(packet.notes()).isZero();
    }
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.DROP);
    assertThat(send(gate, 4002, OPEN).noteReason(0)).isEqualTo(Reason.SPA_OPENED);
  }

  /** The clocks may differ by a minute here, so the message of the first minute still counts. */
  @Test
  void theSameMessageClosesAgainOnlyWithAlways() {
    for (boolean always : new boolean[] {false, true}) {
      Gate gate = openGate(always);
      byte[] close = payload(gate, CLOSE);
      send(gate, 4002, close);
      gate.nowMs += 60_000;
      assertThat(send(gate, 4002, OPEN).noteReason(0)).isEqualTo(Reason.SPA_OPENED);
      assertThat(send(gate, 4002, close).noteReason(0))
          .isEqualTo(always ? Reason.SPA_CLOSED : Reason.SPA_REPLAY);
      assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(always ? Verdict.DROP : Verdict.ACCEPT);
    }
  }

  // --- making things
  // ------------------------------------------------------------------------------

  private static Gate openGate(boolean always) {
    Gate gate = gate(always);
    assertThat(send(gate, 4002, OPEN).noteReason(0)).isEqualTo(Reason.SPA_OPENED);
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
    return gate;
  }

  private static Gate gate(boolean always) {
    PknockSpa dialect = new PknockSpa(OPEN, CLOSE, 1, false, false, always);
    Door door =
        new Door(
            "d",
            List.of(new PortRange(Protocol.TCP, 22, 22)),
            new Spa(4002, dialect),
            Duration.ofHours(1),
            32,
            128,
            0);
    Gate gate = new Gate(policy(door));
    gate.startMs = START_MS;
    return gate;
  }

  private static Packet send(Gate gate, int port, Secret secret) {
    return send(gate, port, payload(gate, secret));
  }

  private static Packet send(Gate gate, int port, byte[] payload) {
    System.arraycopy(payload, 0, gate.packet.payload, 0, payload.length);
    gate.packet.payloadLength = payload.length;
    Packet packet = gate.send(PEER, "udp/" + port);
    gate.packet.payloadLength = 0;
    return packet;
  }

  private static byte[] payload(Gate gate, Secret secret) {
    Prefix source = Prefix.parse(PEER);
    return PknockSpa.message(secret, source.hi(), source.lo(), (gate.startMs + gate.nowMs) / 1000);
  }
}

package knockgate.rules;

import static knockgate.rules.Gate.policy;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.spa.RotatingSequence;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Doors whose knocks change with time. */
class RotatingGateTest {
  private static final String PEER = "203.0.113.9";
  private static final long STEP_MS = 30_000;
  private static final long START_MS = 1_795_332_540_000L;
  private static final RotatingSequence KNOCKS =
      new RotatingSequence(
          Secret.ofText("correct horse battery staple"),
          "imap",
          new PortRange(Protocol.TCP, 20000, 29999),
          4,
          Duration.ofMillis(STEP_MS));

  private final Gate gate = new Gate(policy(rotating(true)));
  private final long step = KNOCKS.stepAt(START_MS);

  RotatingGateTest() {
    gate.startMs = START_MS;
  }

  @Test
  void theSequencesOfThisStepAndItsNeighboursOpenAndNoOthers() {
    for (long offset = -3; offset <= 3; offset++) {
      Gate fresh = new Gate(policy(rotating(true)));
      fresh.startMs = START_MS;
      knock(fresh, PEER, step + offset, 4);
      assertThat(fresh.verdict(PEER, "tcp/993"))
          .as("offset %d", offset)
          .isEqualTo(Math.abs(offset) <= 1 ? Verdict.ACCEPT : Verdict.DROP);
    }
  }

  @Test
  void allButTheLastKnockOpenNothing() {
    knock(gate, PEER, step, 3);
    assertThat(gate.packet.noteReason(0)).isEqualTo(Reason.KNOCK);
    assertThat(gate.packet.noteStep(0)).isEqualTo(3);
    assertThat(gate.verdict(PEER, "tcp/993")).isEqualTo(Verdict.DROP);
  }

  @Test
  void oneSequenceOpensOnceForAPeerButForEveryPeer() {
    knock(gate, PEER, step, 4);
    assertThat(gate.packet.noteReason(0)).isEqualTo(Reason.OPENED);
    gate.nowMs += 10_000; // the grant lasts five seconds
    assertThat(gate.verdict(PEER, "tcp/993")).isEqualTo(Verdict.DROP);
    knock(gate, PEER, step, 4);
    assertThat(gate.packet.noteReason(0)).isEqualTo(Reason.ROTATED_BEFORE);
    assertThat(gate.verdict(PEER, "tcp/993")).isEqualTo(Verdict.DROP);
    knock(gate, "203.0.113.10", step, 4);
    assertThat(gate.verdict("203.0.113.10", "tcp/993")).isEqualTo(Verdict.ACCEPT);
    knock(gate, PEER, step + 1, 4);
    assertThat(gate.verdict(PEER, "tcp/993")).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void anAttemptGoesOnOverTheEndOfItsStep() {
    gate.nowMs = STEP_MS - 1;
    knockFrom(gate, PEER, step, 0, 2);
    gate.nowMs += 2;
    knockFrom(gate, PEER, step, 2, 4);
    assertThat(gate.verdict(PEER, "tcp/993")).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void anAttemptAtAStepThatIsOverIsNoMore() {
    gate.nowMs = 2 * STEP_MS - 1;
    knockFrom(gate, PEER, step, 0, 3);
    gate.nowMs += 1;
    knockFrom(gate, PEER, step, 3, 4);
    assertThat(gate.verdict(PEER, "tcp/993")).isEqualTo(Verdict.DROP);
  }

  /** Begun at the last moment that counts, with the longest window: nobody may mix two steps. */
  @Test
  void anAttemptIsNeverContinuedAsAnotherStep() {
    Duration longest = Duration.ofMillis(Rotating.MOST_STEPS * STEP_MS);
    for (int later = 1; later < 9; later++) {
      for (long pauseMs = 1; pauseMs <= 2 * STEP_MS + 2; pauseMs += STEP_MS / 2) {
        Gate fresh = new Gate(policy(rotating(KNOCKS, false, null, longest)));
        fresh.startMs = START_MS;
        fresh.nowMs = 2 * STEP_MS - 1;
        knockFrom(fresh, PEER, step, 0, 3);
        fresh.nowMs += pauseMs;
        knockFrom(fresh, PEER, step + later, 3, 4);
        assertThat(fresh.verdict(PEER, "tcp/993"))
            .as("step %d, %d ms later", later, pauseMs)
            .isEqualTo(Verdict.DROP);
      }
    }
  }

  @Test
  void strictEndsAnAttemptAtAWrongKnockAnywhere() {
    for (boolean strict : new boolean[] {true, false}) {
      Gate fresh = new Gate(policy(rotating(strict)));
      fresh.startMs = START_MS;
      knockFrom(fresh, PEER, step, 0, 2);
      fresh.send(PEER, "tcp/80");
      knockFrom(fresh, PEER, step, 2, 4);
      assertThat(fresh.verdict(PEER, "tcp/993")).isEqualTo(strict ? Verdict.DROP : Verdict.ACCEPT);
    }
  }

  /** Else two knocks of the old secret and two of the new one would open. */
  @Test
  void anotherSecretEndsWhatWasBegunWithTheOldOne() {
    RotatingSequence other =
        new RotatingSequence(
            Secret.ofText("correct horse battery stable"),
            KNOCKS.door(),
            KNOCKS.range(),
            KNOCKS.count(),
            KNOCKS.step());
    knock(gate, PEER, step, 2);
    gate.keeper.use(new PolicyPlan(policy(rotating(other, true)), gate.state));
    int[] ports = other.ports(step);
    gate.send(PEER, "tcp/" + ports[2]);
    gate.send(PEER, "tcp/" + ports[3]);
    assertThat(gate.verdict(PEER, "tcp/993")).isEqualTo(Verdict.DROP);
  }

  @Test
  void theWholeRangeIsSilentAndNothingElse() {
    assertThat(gate.verdict(PEER, "tcp/20000")).isEqualTo(Verdict.DROP);
    assertThat(gate.verdict(PEER, "tcp/29999")).isEqualTo(Verdict.DROP);
    assertThat(gate.verdict(PEER, "tcp/19999")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.verdict(PEER, "tcp/30000")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.verdict(PEER, "udp/20000")).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void aScanThroughTheRangeOpensNothing() {
    for (int port = 20000; port < 30000; port++) {
      gate.send(PEER, "tcp/" + port);
    }
    assertThat(gate.verdict(PEER, "tcp/993")).isEqualTo(Verdict.DROP);
  }

  private static void knock(Gate gate, String peer, long step, int count) {
    knockFrom(gate, peer, step, 0, count);
  }

  private static void knockFrom(Gate gate, String peer, long step, int from, int to) {
    int[] ports = KNOCKS.ports(step);
    for (int i = from; i < to; i++) {
      gate.send(peer, "tcp/" + ports[i]);
    }
  }

  private static Door rotating(boolean strict) {
    return rotating(KNOCKS, strict);
  }

  private static Door rotating(RotatingSequence knocks, boolean strict) {
    return rotating(knocks, strict, Duration.ofSeconds(10), Duration.ofSeconds(30));
  }

  private static Door rotating(
      RotatingSequence knocks, boolean strict, @Nullable Duration time, Duration window) {
    Rotating trigger = new Rotating(knocks, strict, time, window, TcpFlags.OPENING, true, true);
    return new Door(
        "imap",
        List.of(new PortRange(Protocol.TCP, 993, 993)),
        trigger,
        Duration.ofSeconds(5),
        32,
        128,
        0);
  }
}

package knockgate.rules;

import static knockgate.rules.Gate.door;
import static knockgate.rules.Gate.policy;
import static knockgate.rules.Gate.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import knockgate.rules.spa.ReplayWindow;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.Test;

class KnockStateTest {
  private static final long START_MS = 1_795_332_540_000L;
  private static final long HOUR_MS = 3_600_000;

  /** Two forged knocks are further along than a beginner's one, who may not throw them out. */
  @Test
  void attemptsWhoseTimeIsOverGoAtOnceWhereTheyAreInTheWay() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1", "tcp/2", "tcp/3"), 22)));
    PolicyPlan plan = gate.plan();
    for (int i = 0; i < Gate.LIMITS.attempts(); i++) {
      begin(gate, "10.0." + (i >> 8) + "." + (i & 255));
    }
    gate.nowMs = 10_000;
    gate.state.sweepAttempts(plan, gate.nowMs, 60_000);
    gate.send("192.0.2.1", "tcp/1");
    assertThat(gate.packet.noteReason(0)).as("in time").isEqualTo(Reason.ATTEMPTS_FULL);
    gate.nowMs = 10_001;
    gate.state.sweepAttempts(plan, gate.nowMs, 60_000);
    gate.send("192.0.2.1", "tcp/1");
    assertThat(gate.packet.noteReason(0)).isEqualTo(Reason.FIRST_KNOCK);
    assertThat(gate.state.attemptCount()).isOne();
  }

  @Test
  void whereThereIsRoomTheyStayToExplainALateKnock() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1", "tcp/2", "tcp/3"), 22)));
    for (int i = 0; i < Gate.LIMITS.attempts() / 2; i++) {
      begin(gate, "10.0." + (i >> 8) + "." + (i & 255));
    }
    gate.nowMs = 59_000;
    gate.state.sweepAttempts(gate.plan(), gate.nowMs, 60_000);
    gate.send("10.0.0.0", "tcp/3");
    assertThat(gate.packet.noteReason(0)).isEqualTo(Reason.TOO_LATE);
    gate.nowMs = 60_001;
    gate.state.sweepAttempts(gate.plan(), gate.nowMs, 60_000);
    assertThat(gate.state.attemptCount()).isZero();
  }

  private static void begin(Gate gate, String peer) {
    gate.send(peer, "tcp/1");
    gate.send(peer, "tcp/2");
    assertThat(gate.packet.noteReason(0)).as(peer).isEqualTo(Reason.KNOCK);
  }

  /** By chance one in 200,000 finds no room; of as many as come in a day here, one or none. */
  @Test
  void twoMessagesASecondAreRememberedForAnHourEach() {
    ReplayWindow window = new KnockState(Gate.LIMITS).replays();
    long seed = 4711;
    SplittableRandom random = new SplittableRandom(seed);
    int refused = 0;
    for (int i = 0; i < 2 * 86_400; i++) {
      long nowMs = START_MS + i * 500L;
      boolean full =
          window.admit(random.nextLong(), nowMs + HOUR_MS, nowMs) == ReplayWindow.Answer.FULL;
      refused += full ? 1 : 0;
    }
    assertThat(refused).as("seed %d", seed).isLessThan(10);
  }
}

package knockgate.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import knockgate.rules.policy.Policy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAttemptTest {
  private static final String PEER = "192.0.2.7";

  /** Also where a slot is used again in which another attempt has left its times. */
  @ParameterizedTest
  @NullSource
  @ValueSource(longs = 20)
  void tellsTheTimesOfTheFirstAndTheLastKnockAtEveryStep(@Nullable Long windowSeconds) {
    Duration window = windowSeconds == null ? null : Duration.ofSeconds(windowSeconds);
    Duration time = Duration.ofSeconds(10);
    Policy policy =
        Gate.policy(
            Gate.door(
                "d", Gate.sequence(true, time, window, "tcp/1", "tcp/2", "tcp/3", "tcp/4"), 22));
    Gate gate = new Gate(policy);
    PolicyPlan plan = new PolicyPlan(policy, gate.state);
    for (int round = 0; round < 3; round++) {
      gate.nowMs += 100_000;
      long firstMs = gate.nowMs;
      for (int step = 1; step <= 3; step++) {
        gate.nowMs = firstMs + (step - 1) * 3000L;
        gate.send(PEER, "tcp/" + step);
        assertThat(PeerAttempt.list(gate.state, plan, gate.nowMs, door -> true, null, 10))
            .as("round %d, step %d", round, step)
            .extracting(PeerAttempt::step, PeerAttempt::firstKnockMs, PeerAttempt::lastKnockMs)
            .containsExactly(tuple(step, firstMs, gate.nowMs));
        assertThat(PeerAttempt.countPerDoor(gate.state, plan, gate.nowMs)).containsExactly(1);
      }
      gate.send(PEER, "tcp/9");
      assertThat(gate.state.attemptCount()).isZero();
    }
  }
}

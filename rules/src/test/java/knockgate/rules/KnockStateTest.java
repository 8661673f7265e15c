package knockgate.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import knockgate.rules.spa.ReplayWindow;
import org.junit.jupiter.api.Test;

class KnockStateTest {
  private static final long START_MS = 1_795_332_540_000L;
  private static final long HOUR_MS = 3_600_000;

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

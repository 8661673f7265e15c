package knockgate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Two hundred events a second, and not all at its beginning. */
class EventPaceTest {
  private static final long MS = 1_000_000;

  private final EventPace pace = new EventPace();

  @Test
  void aSecondsWorthComesAtOnceAndNoMore() {
    assertThat(takenAt(0)).isEqualTo(EventPace.PER_SECOND);
    assertThat(takenAt(0)).isZero();
  }

  @Test
  void underAFloodOneIsTakenEveryFiveMilliseconds() {
    takenAt(0);
    for (long nowMs = 1; nowMs <= 3_000; nowMs++) {
      assertThat(takenAt(nowMs * MS)).as("%d ms", nowMs).isEqualTo(nowMs % 5 == 0 ? 1 : 0);
    }
  }

  @Test
  void silenceIsSavedUpToASecondsWorth() {
    takenAt(0);
    assertThat(takenAt(100 * MS)).isEqualTo(EventPace.PER_SECOND / 10);
    assertThat(takenAt(60_000 * MS)).isEqualTo(EventPace.PER_SECOND);
  }

  private int takenAt(long nowNs) {
    int taken = 0;
    for (int i = 0; i < 10 * EventPace.PER_SECOND; i++) {
      taken += pace.take(nowNs) ? 1 : 0;
    }
    return taken;
  }
}

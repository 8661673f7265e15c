package knockgate.rules;

import static org.assertj.core.api.Assertions.assertThat;

import knockgate.rules.table.SlotTable;
import org.junit.jupiter.api.Test;

class AttemptTest {
  private static final long LATE_MS = (1L << 38) - 2;
  private static final int ALL_PRINTS = 0x1fff;

  @Test
  void keepsWhatWasPackedAtBothEndsOfEachField() {
    for (int step : new int[] {1, 2, 31}) {
      for (long atMs : new long[] {0, 1, 86_400_000, LATE_MS}) {
        for (int fingerprint : new int[] {0, 1, ALL_PRINTS, -1}) {
          long attempt = Attempt.of(step, atMs, fingerprint);
          assertThat(attempt).isBetween(1L, SlotTable.MAX_VALUE);
          assertThat(Attempt.step(attempt)).isEqualTo(step);
          assertThat(Attempt.lastKnockMs(attempt)).isEqualTo(atMs);
          assertThat(Attempt.isSamePacket(attempt, fingerprint)).isTrue();
          assertThat(Attempt.isSamePacket(attempt, fingerprint ^ 1)).isFalse();
        }
      }
    }
  }

  /** The table throws out the smallest: so nobody further along goes before a beginner. */
  @Test
  void furtherAlongIsGreaterThenLaterIsGreaterWhateverThePacketWas() {
    long[] rising = {
      Attempt.of(1, 0, ALL_PRINTS),
      Attempt.of(1, 1, 0),
      Attempt.of(1, LATE_MS, ALL_PRINTS),
      Attempt.of(2, 0, 0),
      Attempt.of(2, 7, ALL_PRINTS),
      Attempt.of(31, 0, 0)
    };
    assertThat(rising).isSorted();
  }
}

package knockgate.gate.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Stretches of time in words. */
class SpanTest {
  @Test
  void everySizeHasItsUnit() {
    Object[][] rows = {
      {0L, "0 ms"},
      {140L, "140 ms"},
      {999L, "999 ms"},
      {1_000L, "1 s"},
      {4_250L, "4.2 s"},
      {19_999L, "19.9 s"},
      {41_300L, "41 s"},
      {119_999L, "119 s"},
      {120_000L, "2 min"},
      {3_541_000L, "59 min"},
      {7_199_000L, "119 min"},
      {7_200_000L, "2 h"},
      {7_500_000L, "2 h 5 min"},
      {172_799_000L, "47 h 59 min"},
      {172_800_000L, "2 d"},
      {1_000_000_000L, "11 d 13 h"},
      {-10_800_000L, "3 h"},
    };
    for (Object[] row : rows) {
      assertThat(Span.text((long) row[0])).as("%s ms", row[0]).isEqualTo(row[1]);
    }
  }
}

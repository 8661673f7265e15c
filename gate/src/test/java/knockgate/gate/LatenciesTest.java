package knockgate.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.HdrHistogram.SingleWriterRecorder;
import org.junit.jupiter.api.Test;

/** Latencies of several lanes, as they are read. */
class LatenciesTest {
  private static final long SECOND = 1_000_000_000L;

  private final Latencies latencies = new Latencies();

  @Test
  void quantilesAreRightToOneInAHundred() {
    SingleWriterRecorder one = latencies.addLane();
    SingleWriterRecorder two = latencies.addLane();
    for (int i = 1; i <= 1000; i++) {
      (i % 2 == 0 ? one : two).recordValueWithCount(i * 1000L, 3);
    }

    Latencies.Quantiles all = latencies.total(0);
    assertThat(all.count()).isEqualTo(3000);
    assertThat((double) all.p50()).isCloseTo(500_000, within(5_000.0));
    assertThat((double) all.p90()).isCloseTo(900_000, within(9_000.0));
    assertThat((double) all.p99()).isCloseTo(990_000, within(9_900.0));
    assertThat((double) all.max()).isCloseTo(1_000_000, within(10_000.0));
  }

  @Test
  void theRecentOnesAreThoseSinceTheLastLook() {
    SingleWriterRecorder lane = latencies.addLane();
    lane.recordValueWithCount(5_000, 1);
    assertThat(latencies.recent(0).count()).isEqualTo(1);
    lane.recordValueWithCount(9_000, 4);

    assertThat(latencies.recent(SECOND / 2).count()).as("within the second").isEqualTo(1);
    assertThat(latencies.recent(SECOND).count()).isEqualTo(4);
    assertThat(latencies.recent(2 * SECOND).count()).isZero();
    assertThat(latencies.recent(2 * SECOND).max()).isZero();
    assertThat(latencies.total(2 * SECOND).count()).isEqualTo(5);
  }

  @Test
  void packetsAreCountedUpToBounds() {
    SingleWriterRecorder lane = latencies.addLane();
    lane.recordValueWithCount(10_000, 2);
    lane.recordValueWithCount(400_000, 3);
    lane.recordValueWithCount(Latencies.LONGEST_NS, 1);

    Latencies.Buckets buckets = latencies.buckets(new long[] {5_000, 20_000, 1_000_000}, 0);
    assertThat(buckets.upTo()).containsExactly(0, 2, 5);
    assertThat(buckets.count()).isEqualTo(6);
    double sum = 2 * 10_000 + 3 * 400_000 + 1.0 * Latencies.LONGEST_NS;
    assertThat(buckets.sumNs()).isCloseTo(sum, within(sum / 100));
  }
}

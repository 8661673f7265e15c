package knockgate.gate.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import knockgate.gate.Instruments;
import knockgate.gate.Latencies;

/** How long verdicts took, as a histogram with buckets from 5 us to 100 ms. */
final class VerdictSeconds implements Collector {
  private static final String NAME = "knockgate_verdict_seconds";
  private static final long[] BOUNDS_NS = {
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    20_000_000,
    50_000_000,
    100_000_000
  };

  private final Instruments dials;

  VerdictSeconds(Instruments dials) {
    this.dials = dials;
  }

  @Override
  public MetricSnapshot collect() {
    Latencies.Buckets seen = dials.latencyBuckets(BOUNDS_NS);
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    long below = 0;
    for (int i = 0; i < BOUNDS_NS.length; i++) {
      buckets.bucket(BOUNDS_NS[i] / 1e9, seen.upTo()[i] - below);
      below = seen.upTo()[i];
    }
    buckets.bucket(Double.POSITIVE_INFINITY, seen.count() - below);
    return HistogramSnapshot.builder()
        .name(NAME)
        .help("from the read of a packet to the send of its verdict")
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .sum(seen.sumNs() / 1e9)
                .build())
        .build();
  }
}

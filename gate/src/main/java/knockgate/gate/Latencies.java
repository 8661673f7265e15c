package knockgate.gate;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * How long packets waited in the gate: from the end of the read that brought them to the end of the
 * send that answered them, with the oldest packet of a batch standing for all of it. Each lane
 * writes a recorder of its own; whoever looks takes the lanes' intervals over. Nobody looks =
 * nothing happens.
 */
public final class Latencies {
  /** Whatever takes longer counts as this long. */
  static final long LONGEST_NS = 10_000_000_000L;

  /** One in a hundred is plenty, and keeps a recorder at some 60 kB. */
  private static final int DIGITS = 2;

  /** Two people who look must not take each other's interval. */
  private static final long SHORTEST_INTERVAL_NS = 900_000_000L;

  /**
   * What was measured, in nanoseconds; all 0 when nothing was.
   *
   * @param count packets
   * @param p50 half of them took no longer
   * @param p90 nine in ten
   * @param p99 99 in 100
   * @param p999 999 in 1000
   * @param max the slowest
   */
  public record Quantiles(long count, long p50, long p90, long p99, long p999, long max) {}

  /**
   * What was measured, in buckets; all of one moment.
   *
   * @param upTo packets that took no longer than each bound
   * @param count all packets
   * @param sumNs all latencies added up, in nanoseconds
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, by whoever asked for it
  public record Buckets(long[] upTo, long count, double sumNs) {}

  private final List<SingleWriterRecorder> lanes = new ArrayList<>();
  private final Histogram total = histogram();
  private final Histogram recent = histogram();
  private final Histogram taken = histogram();
  private long takenNs = -SHORTEST_INTERVAL_NS;

  private static Histogram histogram() {
    return new Histogram(LONGEST_NS, DIGITS);
  }

  /** A recorder for one more lane, written by its gatekeeper thread only. */
  synchronized SingleWriterRecorder addLane() {
    SingleWriterRecorder lane = new SingleWriterRecorder(LONGEST_NS, DIGITS);
    lanes.add(lane);
    return lane;
  }

  /** Since the gate's start. */
  synchronized Quantiles total(long nowNs) {
    take(nowNs);
    return quantiles(total);
  }

  /** Since somebody looked last, or if that was within the second, what was seen then. */
  synchronized Quantiles recent(long nowNs) {
    take(nowNs);
    return quantiles(recent);
  }

  /** Everything since the start, sorted into buckets. */
  synchronized Buckets buckets(long[] boundsNs, long nowNs) {
    take(nowNs);
    long[] upTo = new long[boundsNs.length];
    for (int i = 0; i < boundsNs.length; i++) {
      upTo[i] = total.getCountBetweenValues(0, boundsNs[i]);
    }
    long count = total.getTotalCount();
    return new Buckets(upTo, count, count == 0 ? 0 : total.getMean() * count);
  }

  private void take(long nowNs) {
    if (nowNs - takenNs < SHORTEST_INTERVAL_NS) {
      return;
    }
    takenNs = nowNs;
    recent.reset();
    for (SingleWriterRecorder lane : lanes) {
      lane.getIntervalHistogramInto(taken);
      recent.add(taken);
    }
    total.add(recent);
  }

  private static Quantiles quantiles(Histogram of) {
    return new Quantiles(
        of.getTotalCount(),
        of.getValueAtPercentile(50),
        of.getValueAtPercentile(90),
        of.getValueAtPercentile(99),
        of.getValueAtPercentile(99.9),
        of.getMaxValue());
  }
}

package knockgate.rules;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many first knocks a prefix may send: a token bucket each, kept as one long, the time at which
 * the bucket would be full again ("theoretical arrival time" of the generic cell rate algorithm,
 * ITU-T I.371). A second's worth may come at once. Fixed memory: prefixes whose seeded hash is the
 * same share a bucket.
 */
final class FirstKnockBudget {
  private static final int BUCKET_BITS = 16;
  private static final int BUCKETS = 1 << BUCKET_BITS;
  private static final int BUCKET_SHIFT = Long.SIZE - BUCKET_BITS;
  static final long SECOND_NS = 1_000_000_000L;
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final boolean manyTake;
  private final long[] fullAtNs;

  /**
   * Budgets for all prefixes.
   *
   * @param manyTake whether more than one thread ever takes
   */
  FirstKnockBudget(boolean manyTake) {
    this.manyTake = manyTake;
    this.fullAtNs = new long[BUCKETS];
  }

  /** Memory in bytes. */
  static long bytes() {
    return (long) BUCKETS * Long.BYTES;
  }

  /**
   * Takes one first knock, or one message, off the budget of a packet's prefix.
   *
   * @return false when nothing is left
   */
  boolean take(Packet packet, FirstKnockRate rate, long nowNs) {
    long interval = rate.intervalNs;
    if (interval == 0) {
      return true;
    }
    int bucket = (int) (rate.prefix.hash(packet) >>> BUCKET_SHIFT);
    long fullAt = (long) LONGS.getOpaque(fullAtNs, bucket);
    long from = Math.max(fullAt, nowNs);
    if (from - nowNs > SECOND_NS - interval) {
      return false;
    }
    return set(bucket, fullAt, from + interval) || take(packet, rate, nowNs); // another was faster
  }

  private boolean set(int bucket, long expected, long fullAt) {
    if (manyTake) {
      return LONGS.compareAndSet(fullAtNs, bucket, expected, fullAt);
    }
    LONGS.setOpaque(fullAtNs, bucket, fullAt);
    return true;
  }
}

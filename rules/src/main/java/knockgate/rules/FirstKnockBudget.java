package knockgate.rules;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import knockgate.rules.policy.Limits;
import knockgate.rules.words.Prefix;

/**
 * How many first knocks a prefix may send: a token bucket each, kept as one long, the time at which
 * the bucket would be full again ("theoretical arrival time" of the generic cell rate algorithm,
 * ITU-T I.371). A second's worth may come at once. Fixed memory: prefixes whose seeded hash is the
 * same share a bucket.
 */
final class FirstKnockBudget {
  private static final int BUCKETS = 1 << 16;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final boolean manyTake;
  private final long seed;
  private final long[] fullAtNs;

  /**
   * Budgets for all prefixes.
   *
   * @param manyTake whether more than one thread ever takes
   * @param seed random, unknown to strangers
   */
  FirstKnockBudget(boolean manyTake, long seed) {
    this.manyTake = manyTake;
    this.seed = seed;
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
  boolean take(Packet packet, Limits limits, long nowNs) {
    if (limits.firstKnocksPerSecond() == 0) {
      return true;
    }
    int length = packet.version == 4 ? 96 + limits.prefixV4() : limits.prefixV6();
    return take(
        packet.srcHi & Prefix.maskHi(length),
        packet.srcLo & Prefix.maskLo(length),
        nowNs,
        limits.firstKnocksPerSecond());
  }

  /**
   * Takes one first knock off a prefix's budget.
   *
   * @param hi prefix, masked
   * @param perSecond the rate, above 0
   * @return false when nothing is left
   */
  boolean take(long hi, long lo, long nowNs, int perSecond) {
    int bucket = bucket(hi, lo);
    long interval = SECOND_NS / perSecond;
    while (true) {
      long fullAt = (long) LONGS.getAcquire(fullAtNs, bucket);
      long from = Math.max(fullAt, nowNs);
      if (from - nowNs > SECOND_NS - interval) {
        return false;
      }
      if (set(bucket, fullAt, from + interval)) {
        return true;
      }
    }
  }

  private boolean set(int bucket, long expected, long fullAt) {
    if (manyTake) {
      return LONGS.compareAndSet(fullAtNs, bucket, expected, fullAt);
    }
    LONGS.setOpaque(fullAtNs, bucket, fullAt);
    return true;
  }

  private int bucket(long hi, long lo) {
    long h = (hi ^ seed) * 0x9e3779b97f4a7c15L;
    h = (h ^ h >>> 32 ^ lo) * 0xbf58476d1ce4e5b9L;
    h = (h ^ h >>> 29) * 0x94d049bb133111ebL;
    return (int) (h >>> 40) & (BUCKETS - 1);
  }
}

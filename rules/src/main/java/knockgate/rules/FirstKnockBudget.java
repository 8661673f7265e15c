package knockgate.rules;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import knockgate.rules.policy.Limits;
import knockgate.rules.table.KeyHash;
import knockgate.rules.words.Prefix;

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
  private static final int WHOLE = 128;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final boolean manyTake;
  private final KeyHash keyHash;
  private final long[] fullAtNs;

  /**
   * Budgets for all prefixes.
   *
   * @param manyTake whether more than one thread ever takes
   */
  FirstKnockBudget(boolean manyTake, KeyHash keyHash) {
    this.manyTake = manyTake;
    this.keyHash = keyHash;
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
    long hashed =
        length == WHOLE
            ? packet.srcHash
            : keyHash.of(
                packet.srcHi & Prefix.maskHi(length), packet.srcLo & Prefix.maskLo(length));
    return take(hashed, nowNs, limits.firstKnocksPerSecond());
  }

  /**
   * Takes one first knock off a prefix's budget.
   *
   * @param hashed the prefix's hash
   * @param perSecond the rate, above 0
   * @return false when nothing is left
   */
  boolean take(long hashed, long nowNs, int perSecond) {
    int bucket = (int) (hashed * 0x9e3779b97f4a7c15L >>> BUCKET_SHIFT);
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
}

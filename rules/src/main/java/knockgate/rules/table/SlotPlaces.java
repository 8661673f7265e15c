package knockgate.rules.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where a key may stand in a {@link SlotTable}: in one of the 16 slots of either of two buckets,
 * both chosen by a seeded hash. One byte per slot, its print, tells which of the 32 are worth
 * looking at: 8 bits of the hash of the key that stands there, or 0 = free.
 *
 * <p>The prints are read as four groups of eight, and all 32 answers are given in one long: no
 * branch depends on where a key stands, so a processor need not guess it.
 *
 * <pre>
 *   bit 8 s + g of the answer: slot s (0 to 7) of group g; groups 0 and 1 are the first bucket,
 *   2 and 3 the second. To walk it: slot(hash, answer) is the first one,
 *   answer &amp; answer - 1 has the others.
 * </pre>
 *
 * <p>A print is a hint and nothing more: it may be another key's, and it may be old. Whoever owns a
 * slot writes its print, so there is one writer at a time.
 */
final class SlotPlaces {
  /** Slots of a bucket. */
  static final int WAYS = 16;

  private static final int GROUP = 8;
  private static final long LOW_BITS = 0x0101_0101_0101_0101L;
  private static final long ALL_BUT_TOP_BITS = 0x7f7f_7f7f_7f7f_7f7fL;
  private static final long FIRST_BUCKET = 3 * LOW_BITS;
  private static final long SECOND_BUCKET = 12 * LOW_BITS;

  // Little endian: the lowest byte is the first slot, on every machine.
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle ONE = MethodHandles.arrayElementVarHandle(byte[].class);

  private final boolean clustered;
  private final long seed0;
  private final long seed1;
  private final int buckets;
  private final byte[] prints;

  /**
   * Places of a table.
   *
   * @param slots a multiple of {@link #WAYS}, two buckets at least
   * @param clustered whether the tag is left out of the hash
   */
  SlotPlaces(int slots, boolean clustered, long seed0, long seed1) {
    this.clustered = clustered;
    this.seed0 = seed0;
    this.seed1 = seed1;
    this.buckets = slots / WAYS;
    this.prints = new byte[slots];
  }

  long hash(long hi, long lo, long tag) {
    long x = hi ^ seed0;
    long y = lo ^ seed1 ^ (clustered ? 0 : tag * 0x9e3779b97f4a7c15L);
    long h = (x ^ (x >>> 32)) * 0xff51afd7ed558ccdL + y;
    h = (h ^ (h >>> 32)) * 0xc4ceb9fe1a85ec53L + seed0;
    h = (h ^ (h >>> 29)) * 0xbf58476d1ce4e5b9L;
    return h ^ (h >>> 32);
  }

  /** Bits of the hash that the bucket numbers do not depend on; never 0. */
  private static int print(long hash) {
    return Math.max(1, (int) hash & 0xff);
  }

  /** The first of the 16 slots of a key's first bucket. */
  int firstBucket(long hash) {
    return (int) ((hash & 0xffff_ffffL) * buckets >>> 32) * WAYS;
  }

  /** The first of the 16 slots of its second bucket, which is never the first. */
  int secondBucket(long hash) {
    int distance = 1 + (int) ((hash >>> 32) * (buckets - 1) >>> 32);
    int slot = firstBucket(hash) + distance * WAYS;
    return slot < prints.length ? slot : slot - prints.length;
  }

  /** Which of its slots have the print of a key; one in 255 of the others' too. */
  long candidates(long hash) {
    return equal(hash, print(hash) * LOW_BITS);
  }

  /** Which of its slots are free, those of the emptier bucket if there are any. */
  long free(long hash) {
    long all = equal(hash, 0);
    long first = all & FIRST_BUCKET;
    long second = all & SECOND_BUCKET;
    return Long.bitCount(first) >= Long.bitCount(second) ? first : second;
  }

  private long equal(long hash, long eightPrints) {
    int first = firstBucket(hash);
    int second = secondBucket(hash);
    return zeros((long) EIGHT.get(prints, first) ^ eightPrints) >>> 7
        | zeros((long) EIGHT.get(prints, first + GROUP) ^ eightPrints) >>> 6
        | zeros((long) EIGHT.get(prints, second) ^ eightPrints) >>> 5
        | zeros((long) EIGHT.get(prints, second + GROUP) ^ eightPrints) >>> 4;
  }

  /** The top bit of each byte that is zero; the sum cannot carry into the next byte. */
  private static long zeros(long x) {
    return ~((x & ALL_BUT_TOP_BITS) + ALL_BUT_TOP_BITS | x | ALL_BUT_TOP_BITS);
  }

  /** The first slot of an answer that is not 0. */
  int slot(long hash, long answer) {
    int bit = Long.numberOfTrailingZeros(answer);
    int bucket = (bit & 2) == 0 ? firstBucket(hash) : secondBucket(hash);
    return bucket + (bit & 1) * GROUP + (bit >>> 3);
  }

  /** Says whose slot this is now; by its owner. */
  void take(int slot, long hash) {
    ONE.setOpaque(prints, slot, (byte) print(hash));
  }

  /** Says that this slot is free now; by its owner. */
  void leave(int slot) {
    ONE.setOpaque(prints, slot, (byte) 0);
  }
}

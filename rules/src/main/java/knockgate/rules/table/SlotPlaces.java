package knockgate.rules.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where a key may stand in a {@link SlotTable}: in one of the 16 slots of either of two buckets,
 * both chosen by a seeded hash. A bucket is named by the first of its slots, which have numbers in
 * a row. Sixteen bytes per bucket tell which slots are worth looking at.
 *
 * <pre>
 *   prints   bytes 0 to 7    slots 0, 2, .. 14: the print of the key that stands there, 8 bits
 *            bytes 8 to 15   slots 1, 3, .. 15  of its hash that are not 0; 0 = the slot is free
 *   times    4 bits per slot, slot 0 lowest: when its key came, by the clock of Eviction
 *   strays   a byte
 * </pre>
 *
 * <p>The strays of a bucket are counted: keys whose first bucket this is, and that stand in their
 * second. A bucket without strays holds all that belongs there: most look-ups read one bucket, and
 * never work out which the other would be. A stray is counted before it can be found, and until it
 * cannot be found any more, so that no look-up passes it by.
 *
 * <p>Answers about a bucket are longs with one bit per slot: slot n in bit 4 n + 3. {@link #slot}
 * is the first of them, {@code answer & answer - 1} has the others.
 *
 * <p>A print is a hint and nothing more: it may be another key's, and it may be old. Whoever owns a
 * slot writes its print, so there is one writer at a time. A time is less than that: of two that
 * are written to one bucket at the same moment, one may be lost.
 */
final class SlotPlaces {
  /** Slots of a bucket. */
  static final int WAYS = 16;

  /**
   * A bucket that has so many slots taken sends newcomers to their second one if that is emptier.
   * With half of all slots taken one key in a hundred goes there; and of 2,000 million newcomers to
   * such a table, others going, three found both of their buckets full (simulated).
   */
  static final int CROWDED = 15;

  /** Memory of one bucket's prints, times and strays. */
  static final int BYTES = 25;

  private static final int HALF_SHIFT = 3;
  private static final int HALF = 1 << HALF_SHIFT;

  private static final long EACH = 0x0101_0101_0101_0101L;
  private static final long TOPS = 0x8080_8080_8080_8080L;
  private static final long EACH_SLOT = 0x1111_1111_1111_1111L;
  private static final long TOPS_OF_SLOTS = 0x8888_8888_8888_8888L;
  private static final int EVEN_SLOTS = 4; // where their answer goes, between the odd ones
  private static final int SLOT_BITS = 4;
  private static final int SLOT_MASK = WAYS - 1;

  // Little endian: the lowest byte is the first one, on every machine.
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle ONE = MethodHandles.arrayElementVarHandle(byte[].class);

  /** Whether the tag is left out of the hash. */
  private final boolean clustered;

  private final KeyHash keyHash;
  private final int buckets;
  private final byte[] prints;
  private final long[] times;
  private final byte[] strays;

  /**
   * Places of a table.
   *
   * @param buckets two at least
   * @param clustered whether the tag is left out of the hash
   */
  SlotPlaces(int buckets, boolean clustered, KeyHash keyHash) {
    this.clustered = clustered;
    this.keyHash = keyHash;
    this.buckets = buckets;
    this.prints = new byte[buckets * WAYS];
    this.times = new long[buckets];
    this.strays = new byte[buckets];
  }

  /**
   * How many buckets a table needs.
   *
   * @param limit most entries, 1 to 2^24
   */
  static int buckets(int limit) {
    if (limit < 1 || limit > 1 << 24) {
      throw new IllegalArgumentException("limit " + limit + " is not in 1.." + (1 << 24));
    }
    return Math.max(2, (int) ((2L * limit + WAYS - 1) / WAYS));
  }

  /** The hash of a key, as everybody who asks the table brings it. */
  long hash(long hi, long lo, long tag) {
    long hashed = keyHash.of(hi, lo);
    return clustered ? hashed : KeyHash.with(hashed, tag);
  }

  /** Bits of the hash that the bucket numbers do not depend on; never 0. */
  private static long print(long hash) {
    return hash & 0xff;
  }

  /** The bucket where a key belongs. */
  int firstBucket(long hash) {
    return (int) ((hash & 0xffff_ffffL) * buckets >>> 32 - SLOT_BITS) & -WAYS;
  }

  /** Where it goes when that one is crowded; never the first. */
  int secondBucket(long hash) {
    int distance = 1 + (int) ((hash >>> 32) * (buckets - 1) >>> 32);
    int bucket = firstBucket(hash) + distance * WAYS;
    return bucket < prints.length ? bucket : bucket - prints.length;
  }

  /** The bucket behind another, round and round. */
  int bucketBehind(int bucket) {
    return bucket + WAYS < prints.length ? bucket + WAYS : 0;
  }

  /** Which slots have the print of a key; one in 255 of the others' too. */
  long candidates(int bucket, long hash) {
    long print = print(hash) * EACH;
    long low = (long) EIGHT.get(prints, bucket) ^ print;
    long high = (long) EIGHT.get(prints, bucket + HALF) ^ print;
    // A borrow may add the slot above one that has the print: one candidate more, at worst.
    return (low - EACH & ~low & TOPS) >>> EVEN_SLOTS | high - EACH & ~high & TOPS;
  }

  /** Whether no key that belongs in a bucket stands in its second one. */
  boolean isWhole(int bucket) {
    return strays[bucket >>> SLOT_BITS] == 0;
  }

  /** Where else a key may stand that is not in this one of its buckets; -1 = nowhere. */
  int next(int bucket, long hash) {
    return !isWhole(bucket) && bucket == firstBucket(hash) ? secondBucket(hash) : -1;
  }

  /** Which slots are free. */
  long free(int bucket) {
    long low = (long) EIGHT.get(prints, bucket);
    long high = (long) EIGHT.get(prints, bucket + HALF);
    return zeros(low) >>> EVEN_SLOTS | zeros(high);
  }

  /** The top bit of each byte that is zero; the sum cannot carry into the next byte. */
  private static long zeros(long x) {
    return ~((x & ~TOPS) + ~TOPS | x | ~TOPS);
  }

  /**
   * Which slots have been taken for long.
   *
   * @param now the clock; those who came up to seven ticks ago are not among them. Whoever came 16
   *     ticks ago looks young again.
   */
  long old(int bucket, int now) {
    long came = times[bucket >>> SLOT_BITS];
    // The top bit of each slot's "now - came", modulo 16, without a borrow from the next slot.
    long each = (now & SLOT_MASK) * EACH_SLOT;
    long ages = (each | TOPS_OF_SLOTS) - (came & ~TOPS_OF_SLOTS) ^ each ^ ~came;
    return ages & TOPS_OF_SLOTS & ~free(bucket);
  }

  /** A free slot where a newcomer goes; -1 = its buckets are full. */
  int freeSlot(long hash) {
    int first = firstBucket(hash);
    long free = free(first);
    if (Long.bitCount(free) > WAYS - CROWDED) {
      return slot(first, free);
    }
    int second = secondBucket(hash);
    long others = free(second);
    if (Long.bitCount(others) > Long.bitCount(free)) {
      return slot(second, others);
    }
    return free == 0 ? -1 : slot(first, free);
  }

  /** The next free slot of the same bucket; -1 = none. */
  int freeBehind(int slot) {
    long behind = free(bucketOf(slot)) & -2L << SLOT_BITS * (slot & SLOT_MASK) + SLOT_BITS - 1;
    return behind == 0 ? -1 : slot(bucketOf(slot), behind);
  }

  /** The first slot of an answer that is not 0. */
  int slot(int bucket, long answer) {
    return bucket + (Long.numberOfTrailingZeros(answer) >>> 2);
  }

  /**
   * Says whose slot this is now; by its owner, before anybody can find the key there.
   *
   * @param now the clock, of which four bits are kept
   */
  void take(int slot, long hash, int now) {
    int first = firstBucket(hash); // before the store: behind it the field would be read anew
    ONE.setOpaque(prints, byteOf(slot), (byte) print(hash));
    int shift = SLOT_BITS * (slot & SLOT_MASK);
    int number = slot >>> SLOT_BITS;
    long others = times[number] & ~((long) SLOT_MASK << shift);
    times[number] = others | (long) (now & SLOT_MASK) << shift;
    countStray(bucketOf(slot), first, 1);
  }

  /** Says that this slot is free now; by its last owner, behind all that it did there. */
  void leave(int slot, long hash) {
    ONE.setRelease(prints, byteOf(slot), (byte) 0);
    countStray(bucketOf(slot), firstBucket(hash), -1);
  }

  private static int bucketOf(int slot) {
    return slot & -WAYS;
  }

  private static int byteOf(int slot) {
    return slot & -WAYS | slot << HALF_SHIFT & HALF | (slot & SLOT_MASK) >>> 1;
  }

  /**
   * A byte is enough: a bucket with 256 strays would be the first one of more than 256 keys, where
   * eleven are the average, and nobody can aim at it.
   */
  private void countStray(int bucket, int first, int change) {
    if (bucket != first) {
      ONE.getAndAdd(strays, first >>> SLOT_BITS, (byte) change);
    }
  }
}

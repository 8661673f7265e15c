package knockgate.rules;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed-capacity, lock-free table from (128-bit key, 64-bit tag) to one value of 56 bits. All
 * memory is taken at construction; no operation allocates or waits for another thread. Any thread
 * may call any method.
 *
 * <p>When it is full, a newcomer takes the place of the smallest value near its own place, and only
 * if that one lies below the bound that the newcomer brings. So whoever packs "how far, then how
 * lately" into the value's high bits gets: the least advanced goes first, the oldest of them before
 * the others, and nobody further along than the newcomer ever.
 *
 * <p>For implementers. A key may stand in any of the 2 x 16 slots of its two buckets, both chosen
 * by a seeded hash; an insertion takes the emptier bucket. Twice as many slots as the limit keep
 * the buckets half empty, so that two full ones are not met before the limit is.
 *
 * <pre>
 *   prints  int  per slot   part of the hash, 0 = empty: a hint that saves looking at the slot
 *   words   long per slot   [ value 56 | generation 8 ]   0 = free, all ones = being written
 *   keys    3 longs         hi, lo, tag
 *   notes   long per slot   a second number, not part of any compare-and-set
 * </pre>
 *
 * <p>A slot changes hands in three moves: compare-and-set its word to "being written" (with the
 * next generation), write the key, release the new word. A reader takes word, key, word again, and
 * believes the key only if the word stayed. A compare-and-set on a value can never hit another
 * key's value, because the generation changed with the key; a wrap needs 256 changes of one slot
 * within one stalled step, ending at the same value.
 */
public final class SlotTable {
  /** What {@link #get} answers for a key that is not there. */
  public static final long ABSENT = -1;

  /** Values are 1 to this, both included. */
  public static final long MAX_VALUE = (1L << 56) - 2;

  /** Slots that one key may stand in; the most tags that one key of a clustered table can have. */
  public static final int REACH = 32;

  private static final int WAYS = REACH / 2;
  private static final int GENERATION_BITS = 8;
  private static final int GENERATION_MASK = (1 << GENERATION_BITS) - 1;
  private static final long BUSY = (1L << 56) - 1;
  private static final int BYTES_PER_SLOT = Integer.BYTES + 5 * Long.BYTES;

  private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  /** How an insertion ended. */
  public enum Insertion {
    /** There was room. */
    INSERTED,
    /** A smaller value gave way. */
    EVICTED,
    /** The key is there already; nothing was changed. */
    EXISTS,
    /** No room, and nobody here may be thrown out for it. */
    FULL
  }

  /** Looks at entries one by one. */
  @FunctionalInterface
  public interface Visitor {
    /** Whether to remove this entry (if it still has that value). */
    boolean remove(long hi, long lo, long tag, long value, long note);
  }

  private final int limit;
  private final boolean clustered;
  private final long seed0;
  private final long seed1;
  private final int bucketMask;
  private final int[] prints;
  private final long[] words;
  private final long[] keys;
  private final long[] notes;
  private final AtomicInteger size = new AtomicInteger();

  /**
   * A table.
   *
   * @param limit most entries, at least 1
   * @param clustered whether all tags of one key stand together, so that {@link #collect} finds
   *     them; a key then has {@link #REACH} tags at most
   * @param seed0 random, unknown to strangers, so that nobody can aim at one bucket
   * @param seed1 random, as above
   */
  public SlotTable(int limit, boolean clustered, long seed0, long seed1) {
    int slots = slots(limit);
    this.limit = limit;
    this.clustered = clustered;
    this.seed0 = seed0;
    this.seed1 = seed1;
    this.bucketMask = slots / WAYS - 1;
    this.prints = new int[slots];
    this.words = new long[slots];
    this.keys = new long[3 * slots];
    this.notes = new long[slots];
  }

  private static int slots(int limit) {
    if (limit < 1 || limit > 1 << 24) {
      throw new IllegalArgumentException("limit " + limit + " is not in 1.." + (1 << 24));
    }
    return Math.max(REACH, Integer.highestOneBit(2 * limit - 1) << 1);
  }

  /** Memory of a table with that limit, in bytes. */
  public static long bytes(int limit) {
    return (long) slots(limit) * BYTES_PER_SLOT;
  }

  /** Most entries. */
  public int limit() {
    return limit;
  }

  /** How many entries there are; exact when nobody writes. */
  public int size() {
    return size.get();
  }

  /** The value of a key, or {@link #ABSENT}. */
  public long get(long hi, long lo, long tag) {
    int slot = find(hi, lo, tag, hash(hi, lo, tag));
    return slot < 0 ? ABSENT : valueIf(slot, hi, lo, tag);
  }

  /** The note of a key, or {@link #ABSENT}. */
  public long note(long hi, long lo, long tag) {
    int slot = find(hi, lo, tag, hash(hi, lo, tag));
    return slot < 0 ? ABSENT : (long) LONGS.getOpaque(notes, slot);
  }

  /**
   * All tags of one key of a clustered table.
   *
   * @param tags gets the tags, {@link #REACH} long
   * @param values gets their values
   * @return how many there are
   */
  public int collect(long hi, long lo, long[] tags, long[] values) {
    long hash = hash(hi, lo, 0);
    int print = print(hash);
    int found = 0;
    for (int position = 0; position < REACH; position++) {
      int slot = slotAt(hash, position);
      if ((int) INTS.getOpaque(prints, slot) != print) {
        continue;
      }
      long tag = (long) LONGS.getOpaque(keys, 3 * slot + 2);
      long value = valueIf(slot, hi, lo, tag);
      if (value != ABSENT) {
        tags[found] = tag;
        values[found] = value;
        found++;
      }
    }
    return found;
  }

  /**
   * Puts in a key that is not there.
   *
   * @param value 1 to {@link #MAX_VALUE}
   * @param note its second number
   * @param evictBelow values below this may be thrown out for it
   */
  public Insertion insert(long hi, long lo, long tag, long value, long note, long evictBelow) {
    long hash = hash(hi, lo, tag);
    while (true) {
      if (find(hi, lo, tag, hash) >= 0) {
        return Insertion.EXISTS;
      }
      int slot = size.get() < limit ? freeSlot(hash) : -1;
      boolean evicts = slot < 0;
      if (evicts) {
        slot = smallestBelow(hash, evictBelow);
        if (slot < 0) {
          return Insertion.FULL;
        }
      }
      if (claim(slot, evicts, evictBelow)) {
        occupy(slot, hi, lo, tag, value, note, print(hash));
        if (!evicts) {
          size.getAndIncrement();
        }
        return settleTwins(slot, hi, lo, tag, hash, evicts);
      }
    }
  }

  /** Sets another value if the key still has the expected one. */
  public boolean replace(long hi, long lo, long tag, long expected, long value) {
    int slot = find(hi, lo, tag, hash(hi, lo, tag));
    return slot >= 0 && swap(slot, hi, lo, tag, expected, value);
  }

  /** The same, and sets the note behind it; two racing notes may end in either order. */
  public boolean replace(long hi, long lo, long tag, long expected, long value, long note) {
    int slot = find(hi, lo, tag, hash(hi, lo, tag));
    if (slot < 0 || !swap(slot, hi, lo, tag, expected, value)) {
      return false;
    }
    LONGS.setOpaque(notes, slot, note);
    return true;
  }

  /** Takes a key out if it still has the expected value. */
  public boolean remove(long hi, long lo, long tag, long expected) {
    int slot = find(hi, lo, tag, hash(hi, lo, tag));
    return slot >= 0 && free(slot, hi, lo, tag, expected);
  }

  /** Shows every entry to the visitor, in no order; entries that come or go meanwhile may miss. */
  public void visit(Visitor visitor) {
    for (int slot = 0; slot < words.length; slot++) {
      if ((int) INTS.getOpaque(prints, slot) == 0) {
        continue;
      }
      long hi = (long) LONGS.getOpaque(keys, 3 * slot);
      long lo = (long) LONGS.getOpaque(keys, 3 * slot + 1);
      long tag = (long) LONGS.getOpaque(keys, 3 * slot + 2);
      long value = valueIf(slot, hi, lo, tag);
      if (value != ABSENT
          && visitor.remove(hi, lo, tag, value, (long) LONGS.getOpaque(notes, slot))) {
        free(slot, hi, lo, tag, value);
      }
    }
  }

  // --- places ---------------------------------------------------------------------------------

  private long hash(long hi, long lo, long tag) {
    long x = hi ^ seed0;
    long y = lo ^ seed1 ^ (clustered ? 0 : tag * 0x9e3779b97f4a7c15L);
    long h = (x ^ (x >>> 32)) * 0xff51afd7ed558ccdL + y;
    h = (h ^ (h >>> 32)) * 0xc4ceb9fe1a85ec53L + seed0;
    h = (h ^ (h >>> 29)) * 0xbf58476d1ce4e5b9L;
    return h ^ (h >>> 32);
  }

  /** Part of the hash that the bucket numbers do not use; never 0. */
  private static int print(long hash) {
    return (int) (hash >>> 40) | 1 << 30;
  }

  /** The slot of a position: 0 to 15 in the first bucket, 16 to 31 in the second. */
  private int slotAt(long hash, int position) {
    int first = (int) hash & bucketMask;
    int second = first ^ (((int) (hash >>> 24) & bucketMask) | 1); // never the first
    return (position < WAYS ? first : second) * WAYS + position % WAYS;
  }

  private int find(long hi, long lo, long tag, long hash) {
    int print = print(hash);
    for (int position = 0; position < REACH; position++) {
      int slot = slotAt(hash, position);
      if ((int) INTS.getOpaque(prints, slot) == print && valueIf(slot, hi, lo, tag) != ABSENT) {
        return slot;
      }
    }
    return -1;
  }

  /** A free slot in the emptier bucket, or -1. */
  private int freeSlot(long hash) {
    int best = -1;
    int bestFree = 0;
    for (int start = 0; start < REACH; start += WAYS) {
      int free = 0;
      int candidate = -1;
      for (int position = start; position < start + WAYS; position++) {
        int slot = slotAt(hash, position);
        if ((long) LONGS.getOpaque(words, slot) >>> GENERATION_BITS == 0) {
          free++;
          candidate = slot;
        }
      }
      if (free > bestFree) {
        best = candidate;
        bestFree = free;
      }
    }
    return best;
  }

  /** The slot with the smallest value below the bound, or -1. */
  private int smallestBelow(long hash, long bound) {
    int best = -1;
    long smallest = bound;
    for (int position = 0; position < REACH; position++) {
      int slot = slotAt(hash, position);
      long value = (long) LONGS.getOpaque(words, slot) >>> GENERATION_BITS;
      if (value != 0 && value < smallest) {
        best = slot;
        smallest = value;
      }
    }
    return best;
  }

  // --- moves of one slot ----------------------------------------------------------------------

  /** The value of a slot if that key lives in it, else ABSENT. */
  private long valueIf(int slot, long hi, long lo, long tag) {
    while (true) {
      long word = (long) LONGS.getAcquire(words, slot);
      long value = word >>> GENERATION_BITS;
      if (value == 0 || value == BUSY || !holds(slot, hi, lo, tag)) {
        return ABSENT;
      }
      VarHandle.loadLoadFence();
      if ((long) LONGS.getOpaque(words, slot) == word) {
        return value;
      }
    }
  }

  private boolean holds(int slot, long hi, long lo, long tag) {
    return (long) LONGS.getOpaque(keys, 3 * slot) == hi
        && (long) LONGS.getOpaque(keys, 3 * slot + 1) == lo
        && (long) LONGS.getOpaque(keys, 3 * slot + 2) == tag;
  }

  /** The word of a slot that holds that key with that value, or 0. */
  private long wordIf(int slot, long hi, long lo, long tag, long expected) {
    long word = (long) LONGS.getAcquire(words, slot);
    if (word >>> GENERATION_BITS != expected || !holds(slot, hi, lo, tag)) {
      return 0;
    }
    return word;
  }

  private boolean swap(int slot, long hi, long lo, long tag, long expected, long value) {
    long word = wordIf(slot, hi, lo, tag, expected);
    return word != 0
        && LONGS.compareAndSet(
            words, slot, word, value << GENERATION_BITS | (word & GENERATION_MASK));
  }

  private boolean free(int slot, long hi, long lo, long tag, long expected) {
    long word = wordIf(slot, hi, lo, tag, expected);
    long generation = word & GENERATION_MASK;
    if (word == 0
        || !LONGS.compareAndSet(words, slot, word, BUSY << GENERATION_BITS | generation)) {
      return false;
    }
    INTS.setOpaque(prints, slot, 0);
    LONGS.setRelease(words, slot, generation);
    size.getAndDecrement();
    return true;
  }

  /** Takes a slot for writing: a free one, or one whose value still lies below the bound. */
  private boolean claim(int slot, boolean evicts, long bound) {
    long word = (long) LONGS.getAcquire(words, slot);
    long value = word >>> GENERATION_BITS;
    boolean takeable = evicts ? value != 0 && value < bound : value == 0;
    long next = (word + 1) & GENERATION_MASK;
    return takeable && LONGS.compareAndSet(words, slot, word, BUSY << GENERATION_BITS | next);
  }

  /** Fills a claimed slot and shows it to the others. */
  private void occupy(int slot, long hi, long lo, long tag, long value, long note, int print) {
    long generation = (long) LONGS.getOpaque(words, slot) & GENERATION_MASK;
    LONGS.setOpaque(keys, 3 * slot, hi);
    LONGS.setOpaque(keys, 3 * slot + 1, lo);
    LONGS.setOpaque(keys, 3 * slot + 2, tag);
    LONGS.setOpaque(notes, slot, note);
    INTS.setOpaque(prints, slot, print);
    LONGS.setRelease(words, slot, value << GENERATION_BITS | generation);
  }

  /**
   * Two threads may have put in the same key at once, in two slots. Behind the fence at least one
   * of them sees the other's; the one in the later position goes.
   */
  private Insertion settleTwins(int mine, long hi, long lo, long tag, long hash, boolean evicted) {
    VarHandle.fullFence();
    boolean behindMine = false;
    for (int position = 0; position < REACH; position++) {
      int slot = slotAt(hash, position);
      if (slot == mine) {
        behindMine = true;
        continue;
      }
      long value = valueIf(slot, hi, lo, tag);
      if (value == ABSENT) {
        continue;
      }
      int later = behindMine ? slot : mine;
      long laterValue = behindMine ? value : valueIf(mine, hi, lo, tag);
      if (laterValue != ABSENT && free(later, hi, lo, tag, laterValue) && !behindMine) {
        return Insertion.EXISTS;
      }
    }
    return evicted ? Insertion.EVICTED : Insertion.INSERTED;
  }
}

package knockgate.rules.table;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed-capacity, lock-free table from (128-bit key, 64-bit tag) to one value of 56 bits. All
 * memory is taken at construction; no operation allocates or waits for another thread. Any thread
 * may call any method. {@code hashed} is always the key's hash by the table's {@link KeyHash}, so
 * that who asks several tables, or one several times, need hash once.
 *
 * <p>When it is full, a newcomer takes the place of somebody who has been there for long ({@link
 * Eviction}), and only of values below the bound that it brings. So whoever packs "how far, then
 * how lately" into the value's high bits gets: nobody ever goes who is further along than the
 * newcomer, and the oldest of the others go before the newer ones.
 *
 * <p>For implementers. A key may stand in any of the 2 x 16 slots of its two buckets ({@link
 * SlotPlaces}); an insertion takes the first, unless that is crowded. Twice as many slots as the
 * limit keep the buckets so empty that few keys stray, and two full ones are not met before the
 * limit is. How a slot changes hands while others read it is told in {@link Slots}. A look-up reads
 * the 16 prints of the first bucket, then the record of the one slot that has the key's print; that
 * is one cache line, and one or two more if the key is there. Few have to look at the second
 * bucket. Where one thread inserts, an insertion reads no record, and waits for no memory but the
 * prints.
 */
public final class SlotTable {
  /** What {@link #get} answers for a key that is not there. */
  public static final long ABSENT = -1;

  /** Values are 1 to this, both included. */
  public static final long MAX_VALUE = (1L << 56) - 2;

  /** The note of who needs none: what {@link #note} says of such a key means nothing. */
  public static final long NO_NOTE = -1;

  /** Slots that one key may stand in; the most tags that one key of a clustered table can have. */
  public static final int REACH = 2 * SlotPlaces.WAYS;

  /** Looks at entries one by one. */
  @FunctionalInterface
  public interface Visitor {
    /** Whether to remove this entry (if it still has that value). */
    boolean remove(long hi, long lo, long tag, long value, long note);
  }

  private final int limit;
  private final boolean manyInsert;
  private final SlotPlaces places;
  private final Slots slots;
  private final Eviction eviction;

  /** How many were put in, less those who were thrown out for them. */
  private final AtomicInteger came = new AtomicInteger();

  /** How many were removed. */
  private final AtomicInteger gone = new AtomicInteger();

  /**
   * A table.
   *
   * @param limit most entries, at least 1
   * @param clustered whether all tags of one key stand together, so that {@link #collect} finds
   *     them; a key then has {@link #REACH} tags at most
   * @param manyInsert whether more than one thread ever calls {@link #insert}. Where one does, it
   *     must know that the key is not there: nobody else can have put it in, and an insertion does
   *     not look
   */
  public SlotTable(int limit, boolean clustered, boolean manyInsert, KeyHash keyHash) {
    int buckets = SlotPlaces.buckets(limit);
    this.limit = limit;
    this.manyInsert = manyInsert;
    this.places = new SlotPlaces(buckets, clustered, keyHash);
    this.slots = new Slots(buckets * SlotPlaces.WAYS);
    this.eviction = new Eviction(limit, places, slots);
  }

  /** Memory of a table with that limit, in bytes. */
  public static long bytes(int limit) {
    return (long) SlotPlaces.buckets(limit) * (SlotPlaces.BYTES + SlotPlaces.WAYS * Slots.BYTES);
  }

  /** Most entries. */
  public int limit() {
    return limit;
  }

  /** Entries; exact when nobody writes. */
  public int size() {
    return came.get() - gone.get();
  }

  /** The value of a key, or {@link #ABSENT}. */
  public long get(long hashed, long hi, long lo, long tag) {
    long hash = places.hash(hashed, tag);
    for (int bucket = places.firstBucket(hash); bucket >= 0; bucket = places.next(bucket, hash)) {
      for (long left = places.candidates(bucket, hash); left != 0; left &= left - 1) {
        long value = slots.valueIf(places.slot(bucket, left), hi, lo, tag);
        if (value != ABSENT) {
          return value;
        }
      }
    }
    return ABSENT;
  }

  /** The note of a key, or {@link #ABSENT}. */
  public long note(long hashed, long hi, long lo, long tag) {
    int slot = find(hi, lo, tag, places.hash(hashed, tag));
    return slot < 0 ? ABSENT : slots.note(slot);
  }

  /**
   * All tags of one key of a clustered table.
   *
   * @param tags gets the tags, {@link #REACH} long
   * @param values gets their values
   * @return how many there are
   */
  public int collect(long hashed, long hi, long lo, long[] tags, long[] values) {
    long hash = places.hash(hashed, 0);
    int found = 0;
    for (int bucket = places.firstBucket(hash); bucket >= 0; bucket = places.next(bucket, hash)) {
      for (long left = places.candidates(bucket, hash); left != 0; left &= left - 1) {
        int slot = places.slot(bucket, left);
        long tag = slots.tag(slot);
        long value = slots.valueIf(slot, hi, lo, tag);
        if (value != ABSENT) {
          tags[found] = tag;
          values[found] = value;
          found++;
        }
      }
    }
    return found;
  }

  /**
   * Puts in a key that is not there.
   *
   * <p>A full table may throw out several at once, 16 at most; then the next newcomers find room.
   *
   * @param value 1 to {@link #MAX_VALUE}
   * @param note its second number, 0 or more, or {@link #NO_NOTE}
   * @param evictBelow values below this may be thrown out for it
   */
  public Insertion insert(
      long hashed, long hi, long lo, long tag, long value, long note, long evictBelow) {
    long hash = places.hash(hashed, tag);
    assert hash == places.hash(hi, lo, tag) : "another key's hash";
    assert manyInsert || find(hi, lo, tag, hash) < 0 : "a key twice";
    Insertion how = Insertion.INSERTED;
    while (true) {
      if (manyInsert && find(hi, lo, tag, hash) >= 0) {
        return Insertion.EXISTS;
      }
      boolean full = size() >= limit;
      int slot = full ? -1 : freeSlot(hash);
      if (slot < 0) {
        int freed =
            full ? eviction.makeRoom(hash, evictBelow) : eviction.makeRoomNear(hash, evictBelow);
        if (freed == 0) {
          return Insertion.FULL;
        }
        addCame(-freed);
        how = Insertion.EVICTED;
        continue;
      }
      int generation = claim(slot, hash);
      if (generation >= 0) {
        slots.occupy(slot, generation, hi, lo, tag, value, note);
        return manyInsert && settleTwins(slot, hi, lo, tag, hash) ? Insertion.EXISTS : how;
      }
    }
  }

  /** Takes a free slot for a newcomer; -1 = somebody else was faster. */
  private int claim(int slot, long hash) {
    int arrival = eviction.arrive();
    int generation = manyInsert ? slots.claim(slot) : slots.claimAlone(slot, arrival);
    if (generation >= 0) {
      addCame(1);
      places.take(slot, hash, eviction.now());
    }
    return generation;
  }

  /** Only threads that insert write it, so one alone needs no locked instruction. */
  private void addCame(int count) {
    if (manyInsert) {
      came.getAndAdd(count);
    } else {
      came.setOpaque(came.getPlain() + count);
    }
  }

  /** Sets another value if the key still has the expected one. */
  public boolean replace(long hashed, long hi, long lo, long tag, long expected, long value) {
    return replace(hashed, hi, lo, tag, expected, value, NO_NOTE);
  }

  /** The same, and sets the note behind it; two racing notes may end in either order. */
  public boolean replace(
      long hashed, long hi, long lo, long tag, long expected, long value, long note) {
    int slot = find(hi, lo, tag, places.hash(hashed, tag));
    if (slot < 0 || !slots.swap(slot, hi, lo, tag, expected, value)) {
      return false;
    }
    slots.setNote(slot, note);
    return true;
  }

  /** Takes a key out if it still has the expected value. */
  public boolean remove(long hashed, long hi, long lo, long tag, long expected) {
    int slot = find(hi, lo, tag, places.hash(hashed, tag));
    return slot >= 0 && free(slot, hi, lo, tag, expected);
  }

  /** Shows every entry to the visitor, in no order; entries that come or go meanwhile may miss. */
  public void visit(Visitor visitor) {
    for (int slot = 0; slot < slots.count(); slot++) {
      if (slots.isFree(slot)) {
        continue;
      }
      long hi = slots.hi(slot);
      long lo = slots.lo(slot);
      long tag = slots.tag(slot);
      long note = slots.note(slot);
      long value = slots.valueIf(slot, hi, lo, tag);
      if (value != ABSENT && visitor.remove(hi, lo, tag, value, note)) {
        free(slot, hi, lo, tag, value);
      }
    }
  }

  private int find(long hi, long lo, long tag, long hash) {
    for (int bucket = places.firstBucket(hash); bucket >= 0; bucket = places.next(bucket, hash)) {
      for (long left = places.candidates(bucket, hash); left != 0; left &= left - 1) {
        int slot = places.slot(bucket, left);
        if (slots.valueIf(slot, hi, lo, tag) != ABSENT) {
          return slot;
        }
      }
    }
    return -1;
  }

  /** A free slot, or -1. */
  private int freeSlot(long hash) {
    int bucket = places.bucketFor(hash);
    for (long left = places.free(bucket); left != 0; left &= left - 1) {
      int slot = places.slot(bucket, left);
      if (!manyInsert || slots.isFree(slot)) { // somebody else may have claimed it
        return slot;
      }
    }
    return -1;
  }

  private boolean free(int slot, long hi, long lo, long tag, long expected) {
    if (!slots.seize(slot, hi, lo, tag, expected)) {
      return false;
    }
    eviction.vacate(slot);
    gone.getAndIncrement();
    return true;
  }

  /**
   * Two threads may have put in the same key at once, in two slots. Behind the fence at least one
   * sees the other's; that in the higher slot goes, whatever it has become. Was it the caller's?
   */
  private boolean settleTwins(int mine, long hi, long lo, long tag, long hash) {
    VarHandle.fullFence();
    for (int bucket = places.firstBucket(hash); bucket >= 0; bucket = places.next(bucket, hash)) {
      for (long left = places.candidates(bucket, hash); left != 0; left &= left - 1) {
        int slot = places.slot(bucket, left);
        if (slot != mine && givesWay(mine, slot, hi, lo, tag)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the key had to leave the caller's slot, because it stands in the other one too. */
  private boolean givesWay(int mine, int other, long hi, long lo, long tag) {
    int higher = Math.max(mine, other);
    while (slots.valueIf(other, hi, lo, tag) != ABSENT) {
      long value = slots.valueIf(higher, hi, lo, tag);
      if (value == ABSENT) {
        return false; // somebody else took it out
      }
      if (free(higher, hi, lo, tag, value) && higher == mine) {
        return true;
      }
    }
    return false;
  }
}

package knockgate.rules.table;

import org.jspecify.annotations.Nullable;

/**
 * A fixed-capacity, lock-free table from (128-bit key, 64-bit tag) to one value of 56 bits. All
 * memory is taken at construction; no operation allocates or waits for another thread. Any thread
 * may call any method. {@code hash} is always the key's by the table's {@link KeyHash}, so that who
 * asks several tables, or one several times, need hash once: in a clustered table that of the key
 * alone, in another one that of {@link KeyHash#with} its tag.
 *
 * <p>When it is full, a newcomer takes the place of somebody who has been there for long ({@link
 * Eviction}), and only of values below the bound that it brings. So whoever packs "how far, then
 * how lately" into the value's high bits gets: nobody ever goes who is further along than the
 * newcomer, and the oldest of the others go before the newer ones.
 *
 * <p>For implementers. A key may stand in any of the 2 x 16 slots of its two buckets ({@link
 * SlotPlaces}); an insertion takes the first, unless that is crowded. Twice as many slots as the
 * limit keep the buckets so empty that few keys stray, and two full ones are hardly ever met before
 * the limit is. How a slot changes hands while others read it is told in {@link Slots}. A look-up
 * ({@link LookUp}) reads the 16 prints of the first bucket, then the record of the one slot that
 * has the key's print; that is one cache line, and one or two more if the key is there. Few have to
 * look at the second bucket. Where one thread inserts, an insertion ({@link Newcomers}) reads no
 * record, and waits for no memory but the prints.
 */
public final class SlotTable {
  /** What {@link #get} answers for a key that is not there. */
  public static final long ABSENT = -1;

  /** Values are 1 to this, both included. */
  public static final long MAX_VALUE = (1L << 56) - 1;

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

  /** Hears who was thrown out for a newcomer, on the newcomer's thread. */
  @FunctionalInterface
  public interface Evicted {
    /**
     * That key was thrown out; it may have come again meanwhile. Must neither allocate nor wait.
     */
    void thrownOut(long hi, long lo, long tag);
  }

  private final int limit;
  private final SlotPlaces places;
  private final Slots slots;
  private final LookUp lookUp;
  private final Newcomers newcomers;

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
    this(limit, clustered, manyInsert, keyHash, null);
  }

  /**
   * The same.
   *
   * @param evicted hears of everybody who is thrown out, not of those that are removed; null = none
   *     does
   */
  public SlotTable(
      int limit,
      boolean clustered,
      boolean manyInsert,
      KeyHash keyHash,
      @Nullable Evicted evicted) {
    int buckets = SlotPlaces.buckets(limit);
    this.limit = limit;
    this.places = new SlotPlaces(buckets, clustered, keyHash);
    this.slots = new Slots(buckets * SlotPlaces.WAYS);
    this.lookUp = new LookUp(places, slots);
    Eviction eviction = new Eviction(limit, places, slots, evicted);
    this.newcomers = new Newcomers(limit, manyInsert, places, slots, lookUp, eviction);
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
    return newcomers.size();
  }

  /** The value of a key, or {@link #ABSENT}. */
  public long get(long hash, long hi, long lo, long tag) {
    return lookUp.get(hash, hi, lo, tag);
  }

  /** The slot of a key, or -1. A hint: the key may be gone, or elsewhere, when it is used. */
  public int find(long hash, long hi, long lo, long tag) {
    return lookUp.find(hash, hi, lo, tag);
  }

  /** The value of a key that is known to stand there, or {@link #ABSENT} if it no longer does. */
  public long getAt(int slot, long hi, long lo, long tag) {
    return slots.valueIf(slot, hi, lo, tag);
  }

  /** The note of a key, or {@link #ABSENT}. */
  public long note(long hash, long hi, long lo, long tag) {
    int slot = find(hash, hi, lo, tag);
    return slot < 0 ? ABSENT : slots.note(slot);
  }

  /** The note of a key that is known to stand there; of another's, if it no longer does. */
  public long noteAt(int slot) {
    return slots.note(slot);
  }

  /**
   * All tags of one key of a clustered table.
   *
   * @param tags gets the tags, {@link #REACH} long
   * @param values gets their values
   * @param where gets their slots, hints as {@link #find} gives them
   * @return how many there are
   */
  public int collect(long hash, long hi, long lo, long[] tags, long[] values, int[] where) {
    return lookUp.collect(hash, hi, lo, tags, values, where);
  }

  /**
   * Puts in a key that is not there.
   *
   * <p>A full table may throw out several at once, some dozens at most, and of a small one no more
   * than 16; then the next newcomers find room.
   *
   * @param value 1 to {@link #MAX_VALUE}
   * @param note its second number, 0 or more, or {@link #NO_NOTE}
   * @param evictBelow values below this may be thrown out for it
   */
  public Insertion insert(
      long hash, long hi, long lo, long tag, long value, long note, long evictBelow) {
    assert hash == places.hash(hi, lo, tag) : "another key's hash";
    return newcomers.insert(hash, hi, lo, tag, value, note, evictBelow);
  }

  /** Sets another value if the key still has the expected one. */
  public boolean replace(long hash, long hi, long lo, long tag, long expected, long value) {
    return replace(hash, hi, lo, tag, expected, value, NO_NOTE);
  }

  /** The same, and sets the note behind it; two racing notes may end in either order. */
  public boolean replace(
      long hash, long hi, long lo, long tag, long expected, long value, long note) {
    int slot = find(hash, hi, lo, tag);
    return slot >= 0 && replaceAt(slot, hi, lo, tag, expected, value, note);
  }

  /** The same, where the key is known to stand; false as well if it no longer does. */
  public boolean replaceAt(
      int slot, long hi, long lo, long tag, long expected, long value, long note) {
    if (!slots.swap(slot, hi, lo, tag, expected, value)) {
      return false;
    }
    slots.setNote(slot, note);
    return true;
  }

  /** Takes a key out if it still has the expected value. */
  public boolean remove(long hash, long hi, long lo, long tag, long expected) {
    int slot = find(hash, hi, lo, tag);
    return slot >= 0 && newcomers.remove(slot, hi, lo, tag, expected);
  }

  /**
   * The same, where the key is known to stand; false as well if it no longer does. Where one thread
   * inserts, only that one may call this.
   */
  public boolean removeAt(int slot, long hash, long hi, long lo, long tag, long expected) {
    return newcomers.removeOwn(slot, hash, hi, lo, tag, expected);
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
        newcomers.remove(slot, hi, lo, tag, value);
      }
    }
  }
}

package knockgate.rules.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The slots of a {@link SlotTable}, each by itself: who stands in it, with which value, and how it
 * changes hands. Any thread may call any method.
 *
 * <pre>
 *   records  4 longs per slot  word = [ value 56 | being written 1 | generation 7 ], hi, lo, tag
 *                              value 0 = nobody stands there
 *   notes    1 long per slot   not part of any compare-and-set
 * </pre>
 *
 * <p>A slot changes hands in three moves: its word is set to "being written" (with another
 * generation), the rest is written, the new word is released. A reader takes word, key, word again,
 * and believes the key only if the word stayed. A compare-and-set on a value can never hit another
 * key's value, because the generation changed with the key; a wrap needs 128 changes of one slot,
 * or where one thread inserts 128 insertions, within one stalled step, ending at the same value.
 */
final class Slots {
  private static final int VALUE_SHIFT = 8;
  private static final long VALUES = -1L >>> VALUE_SHIFT;
  private static final long BEING_WRITTEN = 1 << 7;
  private static final long GENERATIONS = BEING_WRITTEN - 1;
  private static final int NUMBER_BITS = 5;

  private static final int RECORD = 4;
  private static final int HI = 1;
  private static final int LO = 2;
  private static final int TAG = 3;

  /** Memory of one slot. */
  static final int BYTES = (1 + RECORD) * Long.BYTES;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] records;
  private final long[] notes;

  Slots(int count) {
    records = new long[RECORD * count];
    notes = new long[count];
  }

  int count() {
    return notes.length;
  }

  /** Whether nobody stands there, and nobody is about to. */
  boolean isFree(int slot) {
    return isFree((long) LONGS.getOpaque(records, RECORD * slot));
  }

  private static boolean isFree(long word) {
    return (word & ~GENERATIONS) == 0;
  }

  /** The value of whoever stands there; 0 = nobody. */
  long value(int slot) {
    return (long) LONGS.getOpaque(records, RECORD * slot) >>> VALUE_SHIFT;
  }

  /** The slot with the smallest value below the bound among so many, 32 at most, or -1. */
  int smallestBelow(int first, int count, long bound) {
    // [ value - 1 | number ] of each slot in one long, where nobody's value 0 is the greatest:
    // so the least is found without a branch, which no processor could guess.
    long none = bound - 1 << NUMBER_BITS;
    long least = none;
    for (int number = 0; number < count; number++) {
      least = Math.min(least, (value(first + number) - 1 & VALUES) << NUMBER_BITS | number);
    }
    return least == none ? -1 : first + (int) (least & (1 << NUMBER_BITS) - 1);
  }

  // A part of a record alone: believe it only if the slot is yours, or if valueIf finds the same
  // key afterwards.

  long hi(int slot) {
    return records[RECORD * slot + HI];
  }

  long lo(int slot) {
    return records[RECORD * slot + LO];
  }

  long tag(int slot) {
    return records[RECORD * slot + TAG];
  }

  long note(int slot) {
    return (long) LONGS.getOpaque(notes, slot);
  }

  /** Unless it is {@link SlotTable#NO_NOTE}: then its cache line need not come. */
  void setNote(int slot, long note) {
    if (note != SlotTable.NO_NOTE) {
      LONGS.setOpaque(notes, slot, note);
    }
  }

  /** Plain reads: whoever calls looks at the word again, or swaps it. */
  private static boolean holds(long[] records, int record, long hi, long lo) {
    return records[record + LO] == lo && records[record + HI] == hi;
  }

  /** The value if that key stands there, else {@link SlotTable#ABSENT}. */
  long valueIf(int slot, long hi, long lo, long tag) {
    long[] all = records; // read once: the fences below would have it read again and again
    int record = RECORD * slot;
    long word = (long) LONGS.getAcquire(all, record);
    if (!holds(all, record, hi, lo) || all[record + TAG] != tag) {
      return SlotTable.ABSENT;
    }
    if (!isStill(all, record, word)) {
      return valueIf(slot, hi, lo, tag); // again, which is rare; a loop would make all of it slower
    }
    return valueOf(word);
  }

  /** The same, whatever the tag: it and the value go into the arrays, if that key stands there. */
  boolean copyIf(int slot, long hi, long lo, long[] tags, long[] values, int at) {
    long[] all = records;
    int record = RECORD * slot;
    long word = (long) LONGS.getAcquire(all, record);
    if (!holds(all, record, hi, lo)) {
      return false;
    }
    long tag = all[record + TAG];
    if (!isStill(all, record, word)) {
      return copyIf(slot, hi, lo, tags, values, at);
    }
    long value = valueOf(word);
    if (value == SlotTable.ABSENT) {
      return false;
    }
    tags[at] = tag;
    values[at] = value;
    return true;
  }

  /** Whether nobody has changed a record since its word was read. */
  private static boolean isStill(long[] records, int record, long word) {
    VarHandle.loadLoadFence();
    return (long) LONGS.getOpaque(records, record) == word;
  }

  private static long valueOf(long word) {
    long value = word >>> VALUE_SHIFT;
    return value == 0 ? SlotTable.ABSENT : value;
  }

  /** The word of a slot that holds that key with that value, or 0. */
  private long wordIf(int slot, long hi, long lo, long tag, long expected) {
    long word = (long) LONGS.getAcquire(records, RECORD * slot);
    boolean isThere =
        word >>> VALUE_SHIFT == expected
            && holds(records, RECORD * slot, hi, lo)
            && records[RECORD * slot + TAG] == tag;
    return isThere ? word : 0;
  }

  /** Sets another value if that key stands there with the expected one. */
  boolean swap(int slot, long hi, long lo, long tag, long expected, long value) {
    long word = wordIf(slot, hi, lo, tag, expected);
    return word != 0
        && LONGS.compareAndSet(
            records, RECORD * slot, word, value << VALUE_SHIFT | generation(word));
  }

  private static long generation(long word) {
    return word & GENERATIONS;
  }

  /** Takes the slot from that key if it has the expected value; {@link #release} follows. */
  boolean seize(int slot, long hi, long lo, long tag, long expected) {
    long word = wordIf(slot, hi, lo, tag, expected);
    return word != 0 && own(slot, word, generation(word));
  }

  /** Takes the slot from whoever stands there below the bound; {@link #release} follows. */
  boolean seizeBelow(int slot, long bound) {
    long word = (long) LONGS.getAcquire(records, RECORD * slot);
    long value = word >>> VALUE_SHIFT;
    return value != 0 && value < bound && own(slot, word, generation(word + 1));
  }

  /** Frees a seized slot. */
  void release(int slot) {
    LONGS.setRelease(
        records, RECORD * slot, generation((long) LONGS.getOpaque(records, RECORD * slot)));
  }

  /**
   * Takes a free slot for writing; {@link #occupy} follows.
   *
   * @return the generation that it has now, or -1: it is not free any more
   */
  int claim(int slot) {
    long word = (long) LONGS.getAcquire(records, RECORD * slot);
    boolean isMine = isFree(word) && own(slot, word, generation(word + 1));
    return isMine ? (int) generation(word + 1) : -1;
  }

  /**
   * The same where nobody else ever claims: nothing is read, so no memory is waited for.
   *
   * @param arrival of which the generation is made
   */
  int claimAlone(int slot, int arrival) {
    VarHandle.acquireFence(); // behind the print that said it is free: its last owner is done
    long generation = generation(arrival);
    LONGS.setOpaque(records, RECORD * slot, BEING_WRITTEN | generation);
    return (int) generation;
  }

  private boolean own(int slot, long word, long generation) {
    return LONGS.compareAndSet(records, RECORD * slot, word, BEING_WRITTEN | generation);
  }

  /** Writes a claimed slot's record and shows it to the others. */
  void occupy(int slot, int generation, long hi, long lo, long tag, long value, long note) {
    // As in a sequence lock: whoever reads a part of the new record also reads the claimed word.
    VarHandle.storeStoreFence();
    long[] all = records;
    int record = RECORD * slot;
    all[record + HI] = hi;
    all[record + LO] = lo;
    all[record + TAG] = tag;
    setNote(slot, note);
    LONGS.setRelease(all, record, value << VALUE_SHIFT | generation);
  }
}

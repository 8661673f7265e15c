package knockgate.rules.table;

/**
 * Where the keys of a {@link SlotTable} stand. Any thread may call any method.
 *
 * <p>Each look-up has two parts: at first, without a loop, the one slot where a key mostly is, if
 * it is anywhere; then, in another method, all that are left. With loops in it the compiled first
 * part keeps its variables in memory instead of registers, and takes half as many instructions
 * again.
 */
final class LookUp {
  private static final long ABSENT = SlotTable.ABSENT;

  private final SlotPlaces places;
  private final Slots slots;

  LookUp(SlotPlaces places, Slots slots) {
    this.places = places;
    this.slots = slots;
  }

  /** The value of a key, or {@link SlotTable#ABSENT}. */
  long get(long hash, long hi, long lo, long tag) {
    int bucket = places.firstBucket(hash);
    long left = places.candidates(bucket, hash);
    if (left != 0) {
      long value = slots.valueIf(places.slot(bucket, left), hi, lo, tag);
      if (value != ABSENT) {
        return value;
      }
    }
    return isAll(bucket, left) ? ABSENT : getAnywhere(hash, hi, lo, tag);
  }

  /** Whether one slot at most was worth looking at. */
  private boolean isAll(int bucket, long candidates) {
    return (candidates & candidates - 1) == 0 && places.isWhole(bucket);
  }

  private long getAnywhere(long hash, long hi, long lo, long tag) {
    int slot = findAnywhere(hash, hi, lo, tag);
    return slot < 0 ? ABSENT : slots.valueIf(slot, hi, lo, tag);
  }

  /** The slot of a key, or -1. */
  int find(long hash, long hi, long lo, long tag) {
    int bucket = places.firstBucket(hash);
    long left = places.candidates(bucket, hash);
    if (left != 0) {
      int slot = places.slot(bucket, left);
      if (slots.valueIf(slot, hi, lo, tag) != ABSENT) {
        return slot;
      }
    }
    return isAll(bucket, left) ? -1 : findAnywhere(hash, hi, lo, tag);
  }

  private int findAnywhere(long hash, long hi, long lo, long tag) {
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

  /** As {@link SlotTable#collect}. */
  int collect(long hash, long hi, long lo, long[] tags, long[] values, int[] where) {
    int bucket = places.firstBucket(hash);
    long left = places.candidates(bucket, hash);
    if (!isAll(bucket, left)) {
      return collectAnywhere(hash, hi, lo, tags, values, where);
    }
    if (left == 0) {
      return 0;
    }
    where[0] = places.slot(bucket, left);
    return slots.copyIf(where[0], hi, lo, tags, values, 0) ? 1 : 0;
  }

  private int collectAnywhere(
      long hash, long hi, long lo, long[] tags, long[] values, int[] where) {
    int found = 0;
    for (int bucket = places.firstBucket(hash); bucket >= 0; bucket = places.next(bucket, hash)) {
      for (long left = places.candidates(bucket, hash); left != 0; left &= left - 1) {
        int slot = places.slot(bucket, left);
        if (slots.copyIf(slot, hi, lo, tags, values, found)) {
          where[found] = slot;
          found++;
        }
      }
    }
    return found;
  }
}

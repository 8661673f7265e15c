package knockgate.rules.table;

import org.jspecify.annotations.Nullable;

/**
 * Who must go from a full {@link SlotTable}. A hand goes round the table, bucket by bucket, and
 * takes all of some buckets who have been there for long: since eight tenths of as many came as the
 * table holds. So the newest are safe, and the hand needs two fifths of as many newcomers for its
 * way round. It reads records in the order in which they lie in memory, which a processor foresees;
 * the newcomer's own buckets lie anywhere.
 *
 * <p>Where the hand finds nobody in a few buckets, the smallest value of the newcomer's own two
 * goes. Nobody goes whose value is not below the bound that the newcomer brings. Any thread may
 * ask; what two threads tell the clock or the hand at once may count once.
 */
final class Eviction {
  private static final int WAYS = SlotPlaces.WAYS;

  /** So many buckets the hand looks at for one newcomer, if it finds nobody. */
  private static final int BUCKETS_TRIED = 4;

  /** And so many at most, where others are to follow. */
  private static final int BUCKETS_AT_ONCE = 16;

  /**
   * So many a great table throws out for those who come next: a locked instruction that takes a
   * place waits until the last newcomer's record is written, and of many at once only one waits.
   */
  private static final int MOST_AT_ONCE = 32;

  /** One of so many entries may go at once. */
  private static final int SHARE_AT_ONCE = 2048;

  /** The clock's ticks while as many come as the table holds. */
  private static final int TICKS = 10;

  private final SlotPlaces places;
  private final Slots slots;
  private final SlotTable.@Nullable Evicted evicted;

  /** Newcomers per tick of the clock. */
  private final int tick;

  /** How many to throw out at once, about. */
  private final int atOnce;

  private int untilTick;

  /** The clock; its low bits are what {@link SlotPlaces} keeps with each slot. */
  private int now;

  /** All newcomers so far. */
  private int arrivals;

  /** The bucket to look at next. */
  private int hand;

  Eviction(int limit, SlotPlaces places, Slots slots, SlotTable.@Nullable Evicted evicted) {
    this.tick = Math.max(1, limit / TICKS);
    this.untilTick = tick;
    this.atOnce = Math.max(1, Math.min(MOST_AT_ONCE, limit / SHARE_AT_ONCE));
    this.places = places;
    this.slots = slots;
    this.evicted = evicted;
  }

  /** Tells of a newcomer; its number. */
  int arrive() {
    if (--untilTick <= 0) {
      untilTick = tick;
      now++;
    }
    return ++arrivals;
  }

  /** The clock. */
  int now() {
    return now;
  }

  /** Throws somebody out for a newcomer, or several; how many, 0 = nobody is below the bound. */
  int makeRoom(long hash, long bound) {
    int freed = 0;
    int tries = BUCKETS_TRIED;
    for (int i = 0; i < tries && freed < atOnce; i++) {
      freed += sweep(hand, bound);
      hand = places.bucketBehind(hand);
      tries = freed > 0 ? BUCKETS_AT_ONCE : BUCKETS_TRIED;
    }
    return freed > 0 ? freed : makeRoomNear(hash, bound);
  }

  private int sweep(int bucket, long bound) {
    int freed = 0;
    for (long left = places.old(bucket, now); left != 0; left &= left - 1) {
      int slot = places.slot(bucket, left);
      if (slots.seizeBelow(slot, bound)) {
        throwOut(slot);
        freed++;
      }
    }
    return freed;
  }

  /** The same, in one of the newcomer's two buckets; 1 or 0. */
  int makeRoomNear(long hash, long bound) {
    while (true) {
      int slot = smallestNear(hash, bound);
      if (slot < 0) {
        return 0;
      }
      if (slots.seizeBelow(slot, bound)) { // else somebody was faster
        throwOut(slot);
        return 1;
      }
    }
  }

  private int smallestNear(long hash, long bound) {
    int first = slots.smallestBelow(places.firstBucket(hash), WAYS, bound);
    long best = first < 0 ? bound : Math.min(bound, slots.value(first));
    int second = slots.smallestBelow(places.secondBucket(hash), WAYS, best);
    return second < 0 ? first : second;
  }

  private void throwOut(int slot) {
    long hi = slots.hi(slot);
    long lo = slots.lo(slot);
    long tag = slots.tag(slot);
    vacate(slot, places.hash(hi, lo, tag));
    if (evicted != null) {
      evicted.thrownOut(hi, lo, tag); // last: who looks then does not find the key any more
    }
  }

  /** Frees a slot that the caller owns, with the key still in it. */
  void vacate(int slot) {
    vacate(slot, places.hash(slots.hi(slot), slots.lo(slot), slots.tag(slot)));
  }

  /** The same, where the key's hash is known. */
  void vacate(int slot, long hash) {
    slots.release(slot);
    places.leave(slot, hash); // last: who inserts alone believes that it is free now
  }
}

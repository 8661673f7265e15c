package knockgate.rules.table;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Whom a full {@link SlotTable} throws out for a newcomer: the smallest value of its two buckets,
 * if that lies below the bound that the newcomer brings. Any thread may ask.
 *
 * <p>To read a bucket's values takes most of the time of an eviction, for they lie in eight cache
 * lines. So the second bucket is read only where the smallest value of the first is not far enough
 * below the bound, by what was usual of late; four times out of five, in a flood of newcomers, it
 * is. The price, found with 65,536 entries: of the newest half none is thrown out, as if both were
 * always read; of the newest three quarters 0.3 % instead of 0.1 %.
 */
final class Eviction {
  private static final int WAYS = SlotPlaces.WAYS;

  private final SlotPlaces places;
  private final Slots slots;

  /** How far below the bound those lay that were chosen lately, on average. A hint. */
  private final AtomicLong usualDepth = new AtomicLong();

  Eviction(SlotPlaces places, Slots slots) {
    this.places = places;
    this.slots = slots;
  }

  /** The slot to be freed, or -1: nobody near the newcomer's place lies below the bound. */
  int choose(long hash, long bound) {
    int first = slots.smallestBelow(places.firstBucket(hash) * WAYS, WAYS, bound);
    long depth = first < 0 ? -1 : bound - slots.value(first);
    if (isFarEnough(depth)) {
      learn(depth);
      return first;
    }
    long best = first < 0 ? bound : Math.min(bound, slots.value(first));
    int second = slots.smallestBelow(places.secondBucket(hash) * WAYS, WAYS, best);
    if (second < 0) {
      learn(depth);
      return first;
    }
    learn(bound - slots.value(second));
    return second;
  }

  private boolean isFarEnough(long depth) {
    long usual = usualDepth.getOpaque();
    return depth >= 0 && depth >= usual - (usual >> 2);
  }

  /** Lets the average follow; what two threads teach at once may count once. */
  private void learn(long depth) {
    if (depth >= 0) { // else nobody was found, or somebody else has taken the slot meanwhile
      long usual = usualDepth.getOpaque();
      usualDepth.setOpaque(usual + (depth - usual >> 6));
    }
  }
}

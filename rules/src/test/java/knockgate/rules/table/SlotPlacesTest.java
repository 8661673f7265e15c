package knockgate.rules.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SlotPlacesTest {
  private static final int SLOTS = 15 * SlotPlaces.WAYS;

  private static SlotPlaces places(SplittableRandom random) {
    return new SlotPlaces(SLOTS, false, random.nextLong(), random.nextLong());
  }

  @Test
  void theTwoBucketsOfAKeyAreNeverOne() {
    SplittableRandom random = new SplittableRandom(3);
    for (int buckets : new int[] {2, 3, 15, 6144}) {
      int slots = buckets * SlotPlaces.WAYS;
      SlotPlaces places = new SlotPlaces(slots, true, 1, 2);
      Set<Integer> seen = new TreeSet<>();
      for (int i = 0; i < 20 * buckets; i++) {
        long hash = places.hash(random.nextLong(), i, 0);
        int first = places.firstBucket(hash);
        int second = places.secondBucket(hash);
        assertThat(first).isBetween(0, slots - 1).isNotEqualTo(second);
        assertThat(second).isBetween(0, slots - 1);
        assertThat(first % SlotPlaces.WAYS + second % SlotPlaces.WAYS).isZero();
        seen.add(first);
        seen.add(second);
      }
      assertThat(seen).as("of %d buckets", buckets).hasSize(buckets);
    }
  }

  @Test
  void everyHolderOfAKeysSlotsIsACandidateAndAlmostNobodyElse() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SlotPlaces places = places(random);
      long[] holders = new long[SLOTS]; // hashes; 0 = free
      for (int i = 0; i < SLOTS; i++) {
        int slot = random.nextInt(SLOTS);
        holders[slot] = random.nextInt(3) == 0 ? 0 : places.hash(slot, i, seed);
        if (holders[slot] == 0) {
          places.leave(slot);
        } else {
          places.take(slot, holders[slot]);
        }
      }
      int others = 0;
      for (int slot = 0; slot < SLOTS; slot++) {
        long hash = holders[slot];
        if (hash == 0 || !inBuckets(places, hash, slot)) {
          continue; // a slot that this key could not have taken in a table
        }
        Set<Integer> candidates = slots(places, hash, places.candidates(hash));
        assertThat(candidates).as("seed %d", seed).contains(slot);
        others += candidates.size() - 1;
      }
      assertThat(others).as("seed %d", seed).isLessThan(SLOTS / 4);
    }
  }

  @Test
  void freeSlotsAreThoseOfTheEmptierBucket() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SlotPlaces places = places(random);
      long hash = places.hash(1, 2, 3);
      Set<Integer> first = leaveSome(places, places.firstBucket(hash), hash, random);
      Set<Integer> second = leaveSome(places, places.secondBucket(hash), hash, random);
      Set<Integer> emptier = first.size() >= second.size() ? first : second;
      assertThat(slots(places, hash, places.free(hash))).as("seed %d", seed).isEqualTo(emptier);
    }
  }

  /** Takes all slots of a bucket but some, and answers with those. */
  private static Set<Integer> leaveSome(
      SlotPlaces places, int bucket, long hash, SplittableRandom random) {
    Set<Integer> free = new TreeSet<>();
    for (int slot = bucket; slot < bucket + SlotPlaces.WAYS; slot++) {
      places.take(slot, hash);
      if (random.nextInt(4) == 0) {
        places.leave(slot);
        free.add(slot);
      }
    }
    return free;
  }

  private static boolean inBuckets(SlotPlaces places, long hash, int slot) {
    int bucket = slot / SlotPlaces.WAYS * SlotPlaces.WAYS;
    return bucket == places.firstBucket(hash) || bucket == places.secondBucket(hash);
  }

  /** An answer, walked as its description says. */
  private static Set<Integer> slots(SlotPlaces places, long hash, long answer) {
    Set<Integer> slots = new TreeSet<>();
    for (long left = answer; left != 0; left &= left - 1) {
      slots.add(places.slot(hash, left));
    }
    assertThat(slots).hasSize(Long.bitCount(answer));
    return slots;
  }
}

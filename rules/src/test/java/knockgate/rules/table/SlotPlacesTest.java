package knockgate.rules.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SlotPlacesTest {
  private static final int BUCKETS = 15;
  private static final int SLOTS = BUCKETS * SlotPlaces.WAYS;

  private static SlotPlaces places(SplittableRandom random) {
    return new SlotPlaces(BUCKETS, false, new KeyHash(random.nextLong(), random.nextLong()));
  }

  @Test
  void theTwoBucketsOfAKeyAreNeverOne() {
    SplittableRandom random = new SplittableRandom(3);
    for (int buckets : new int[] {2, 3, 15, 6144}) {
      SlotPlaces places = new SlotPlaces(buckets, true, new KeyHash(1, 2));
      Set<Integer> firsts = new TreeSet<>();
      Set<Integer> seconds = new TreeSet<>();
      for (int i = 0; i < 20 * buckets; i++) {
        long hash = places.hash(random.nextLong(), i, 0);
        int first = places.firstBucket(hash);
        int second = places.secondBucket(hash);
        assertThat(first).isNotEqualTo(second);
        for (int bucket : new int[] {first, second}) {
          assertThat(bucket).isBetween(0, (buckets - 1) * SlotPlaces.WAYS);
          assertThat(bucket % SlotPlaces.WAYS).isZero();
        }
        firsts.add(first);
        seconds.add(second);
      }
      assertThat(firsts).as("of %d buckets", buckets).hasSize(buckets);
      assertThat(seconds).as("of %d buckets", buckets).hasSize(buckets);
    }
  }

  @Test
  void everyHolderOfAKeysSlotsIsACandidateAndAlmostNobodyElse() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SlotPlaces places = places(random);
      long[] holders = new long[SLOTS]; // hashes; 0 = free
      for (int i = 0; i < 10 * SLOTS; i++) {
        long hash = places.hash(i, ~i, seed);
        int slot = anySlot(places, hash, random);
        if (holders[slot] != 0) {
          places.leave(slot, holders[slot]);
          holders[slot] = 0;
        }
        if (random.nextInt(3) > 0) {
          places.take(slot, hash, 0);
          holders[slot] = hash;
        }
      }
      int others = 0;
      for (int slot = 0; slot < SLOTS; slot++) {
        if (holders[slot] != 0) {
          Set<Integer> candidates = candidates(places, holders[slot]);
          assertThat(candidates).as("seed %d", seed).contains(slot);
          others += candidates.size() - 1;
        }
      }
      assertThat(others).as("seed %d", seed).isLessThan(SLOTS / 4);
    }
  }

  @Test
  void onlyABucketWithStraysSendsALookUpOn() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SlotPlaces places = places(random);
      long[] holders = new long[SLOTS];
      int[] strays = new int[BUCKETS];
      for (int i = 0; i < 10 * SLOTS; i++) {
        long hash = places.hash(i, ~i, seed);
        int slot = anySlot(places, hash, random);
        if (holders[slot] != 0) {
          places.leave(slot, holders[slot]);
          strays[places.firstBucket(holders[slot]) / SlotPlaces.WAYS] -=
              isStray(places, slot, holders[slot]);
        }
        places.take(slot, hash, 0);
        holders[slot] = hash;
        strays[places.firstBucket(hash) / SlotPlaces.WAYS] += isStray(places, slot, hash);
        int first = places.firstBucket(hash);
        int second = places.secondBucket(hash);
        assertThat(places.next(first, hash))
            .as("seed %d, key %d", seed, i)
            .isEqualTo(strays[first / SlotPlaces.WAYS] > 0 ? second : -1);
        assertThat(places.next(second, hash)).as("seed %d, key %d", seed, i).isEqualTo(-1);
      }
    }
  }

  @Test
  void newcomersGoToTheirFirstBucketUnlessItIsCrowdedAndTheOtherIsEmptier() {
    int[] went = new int[2];
    for (int seed = 0; seed < 400; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SlotPlaces places = places(random);
      long hash = places.hash(1, 2, 3);
      int first = places.firstBucket(hash);
      int second = places.secondBucket(hash);
      Set<Integer> freeInFirst = leaveSome(places, first, hash, random);
      Set<Integer> freeInSecond = leaveSome(places, second, hash, random);
      boolean stays =
          freeInFirst.size() > SlotPlaces.WAYS - SlotPlaces.CROWDED
              || freeInFirst.size() >= freeInSecond.size();
      went[stays ? 0 : 1]++;
      Set<Integer> offered = new TreeSet<>();
      for (int slot = places.freeSlot(hash); slot >= 0; slot = places.freeBehind(slot)) {
        offered.add(slot);
      }
      assertThat(offered).as("seed %d", seed).isEqualTo(stays ? freeInFirst : freeInSecond);
      assertThat(slots(places, first, places.free(first))).isEqualTo(freeInFirst);
      assertThat(slots(places, second, places.free(second))).isEqualTo(freeInSecond);
    }
    assertThat(went[0]).isGreaterThan(100);
    assertThat(went[1]).isGreaterThan(100);
  }

  @Test
  void oldAreThoseWhoCameEightTicksAgoOrMore() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SlotPlaces places = places(random);
      int start = random.nextInt(1000);
      for (int now = start; now < start + 40; now++) {
        Set<Integer> old = new TreeSet<>();
        for (int slot = SlotPlaces.WAYS; slot < 2 * SlotPlaces.WAYS; slot++) {
          int age = random.nextInt(16);
          places.take(slot, places.hash(slot, age, seed), now - age);
          if (random.nextInt(4) == 0) {
            places.leave(slot, places.hash(slot, age, seed));
          } else if (age >= 8) {
            old.add(slot);
          }
        }
        int bucket = SlotPlaces.WAYS;
        assertThat(slots(places, bucket, places.old(bucket, now)))
            .as("seed %d", seed)
            .isEqualTo(old);
      }
    }
  }

  /** Takes all slots of a bucket but some, and answers with those. */
  private static Set<Integer> leaveSome(
      SlotPlaces places, int bucket, long hash, SplittableRandom random) {
    Set<Integer> free = new TreeSet<>();
    for (int slot = bucket; slot < bucket + SlotPlaces.WAYS; slot++) {
      places.take(slot, hash, 0);
      if (random.nextInt(10) == 0) {
        places.leave(slot, hash);
        free.add(slot);
      }
    }
    return free;
  }

  /** One of the slots where a key may stand. */
  private static int anySlot(SlotPlaces places, long hash, SplittableRandom random) {
    int bucket = random.nextBoolean() ? places.firstBucket(hash) : places.secondBucket(hash);
    return bucket + random.nextInt(SlotPlaces.WAYS);
  }

  private static int isStray(SlotPlaces places, int slot, long hash) {
    return slot - slot % SlotPlaces.WAYS == places.firstBucket(hash) ? 0 : 1;
  }

  /** The slots that a look-up would try. */
  private static Set<Integer> candidates(SlotPlaces places, long hash) {
    Set<Integer> slots = new TreeSet<>();
    for (int bucket = places.firstBucket(hash); bucket >= 0; bucket = places.next(bucket, hash)) {
      slots.addAll(slots(places, bucket, places.candidates(bucket, hash)));
    }
    return slots;
  }

  /** An answer, walked as its description says. */
  private static Set<Integer> slots(SlotPlaces places, int bucket, long answer) {
    Set<Integer> slots = new TreeSet<>();
    for (long left = answer; left != 0; left &= left - 1) {
      slots.add(places.slot(bucket, left));
    }
    assertThat(slots).hasSize(Long.bitCount(answer));
    return slots;
  }
}

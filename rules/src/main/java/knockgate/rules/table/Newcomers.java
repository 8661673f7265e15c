package knockgate.rules.table;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How keys come into a {@link SlotTable} and go, and how many are in it. Where one thread inserts,
 * it looks nothing up and sets no lock; where several do, each looks whether the key is there
 * already, before it puts it in and once more behind that.
 */
final class Newcomers {
  private final int limit;
  private final boolean many;
  private final SlotPlaces places;
  private final Slots slots;
  private final LookUp lookUp;
  private final Eviction eviction;

  /** How many were put in, less those whom threads that insert took out. */
  private final AtomicInteger came = new AtomicInteger();

  /** How many were taken out by others. */
  private final AtomicInteger gone = new AtomicInteger();

  /**
   * @param limit most entries
   * @param many whether more than one thread ever inserts
   */
  Newcomers(
      int limit, boolean many, SlotPlaces places, Slots slots, LookUp lookUp, Eviction eviction) {
    this.limit = limit;
    this.many = many;
    this.places = places;
    this.slots = slots;
    this.lookUp = lookUp;
    this.eviction = eviction;
  }

  /** Entries; exact when nobody writes. */
  int size() {
    return came.get() - gone.get();
  }

  /** As {@link SlotTable#insert}, with the hash of all of the key. */
  Insertion insert(long hash, long hi, long lo, long tag, long value, long note, long evictBelow) {
    return many
        ? insertBesideOthers(hash, hi, lo, tag, value, note, evictBelow)
        : insertAlone(hash, hi, lo, tag, value, note, evictBelow);
  }

  private Insertion insertAlone(
      long hash, long hi, long lo, long tag, long value, long note, long evictBelow) {
    assert lookUp.find(hash, hi, lo, tag) < 0 : "a key twice";
    Insertion how = Insertion.INSERTED;
    int slot = isFull() ? -1 : places.freeSlot(hash);
    while (slot < 0) {
      if (!makeRoom(hash, evictBelow)) {
        return Insertion.FULL;
      }
      how = Insertion.EVICTED;
      slot = places.freeSlot(hash);
    }
    int arrival = eviction.arrive();
    addCame(1);
    int generation = slots.claimAlone(slot, arrival);
    places.take(slot, hash, eviction.now());
    slots.occupy(slot, generation, hi, lo, tag, value, note);
    return how;
  }

  private Insertion insertBesideOthers(
      long hash, long hi, long lo, long tag, long value, long note, long evictBelow) {
    Insertion how = Insertion.INSERTED;
    while (true) {
      if (lookUp.find(hash, hi, lo, tag) >= 0) {
        return Insertion.EXISTS;
      }
      int slot = isFull() ? -1 : unclaimedSlot(hash);
      if (slot < 0) {
        if (!makeRoom(hash, evictBelow)) {
          return Insertion.FULL;
        }
        how = Insertion.EVICTED;
        continue;
      }
      int generation = slots.claim(slot);
      if (generation >= 0) {
        eviction.arrive();
        addCame(1);
        places.take(slot, hash, eviction.now());
        slots.occupy(slot, generation, hi, lo, tag, value, note);
        return settleTwins(slot, hi, lo, tag, hash) ? Insertion.EXISTS : how;
      }
    }
  }

  /** Of the free ones, some may have been claimed by others a moment ago; -1 = all. */
  private int unclaimedSlot(long hash) {
    int slot = places.freeSlot(hash);
    while (slot >= 0 && !slots.isFree(slot)) {
      slot = places.freeBehind(slot);
    }
    return slot;
  }

  private boolean isFull() {
    return size() >= limit;
  }

  /** Throws others out for a newcomer; false = nobody may be. */
  private boolean makeRoom(long hash, long evictBelow) {
    int freed =
        isFull() ? eviction.makeRoom(hash, evictBelow) : eviction.makeRoomNear(hash, evictBelow);
    addCame(-freed);
    return freed > 0;
  }

  /** By threads that insert: where there is one, it needs no locked instruction. */
  private void addCame(int count) {
    if (many) {
      came.getAndAdd(count);
    } else {
      came.setOpaque(came.getPlain() + count);
    }
  }

  /** Takes a key out if it stands there with the expected value; any thread may. */
  boolean remove(int slot, long hi, long lo, long tag, long expected) {
    if (!slots.seize(slot, hi, lo, tag, expected)) {
      return false;
    }
    eviction.vacate(slot);
    gone.getAndIncrement();
    return true;
  }

  /** The same, by a thread that inserts. */
  boolean removeOwn(int slot, long hash, long hi, long lo, long tag, long expected) {
    if (!slots.seize(slot, hi, lo, tag, expected)) {
      return false;
    }
    eviction.vacate(slot, hash);
    addCame(-1);
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
    while (slots.valueIf(other, hi, lo, tag) != SlotTable.ABSENT) {
      long value = slots.valueIf(higher, hi, lo, tag);
      if (value == SlotTable.ABSENT) {
        return false; // somebody else took it out
      }
      if (remove(higher, hi, lo, tag, value) && higher == mine) {
        return true;
      }
    }
    return false;
  }
}

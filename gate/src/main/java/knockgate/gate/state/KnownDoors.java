package knockgate.gate.state;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import knockgate.rules.GrantTag;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Door;

/**
 * The doors that the files speak of: those of the policy and those that have gone from it, whose
 * grants last until their time is up. One thread at a time makes them known; any may ask.
 */
final class KnownDoors {
  private final KnockState state;
  private final Map<Integer, Door> doors = new TreeMap<>();

  /** By the number that a door has in this run; 0 = none is known. Replaced, never changed. */
  private volatile long[] digests = {};

  KnownDoors(KnockState state) {
    this.state = state;
  }

  void learn(Collection<Door> known) {
    long[] next = digests;
    for (Door door : known) {
      int id = GrantTag.doorId(state.grantTag(door.name()));
      doors.put(id, door);
      next = Arrays.copyOf(next, Math.max(next.length, id + 1));
      next[id] = DoorDigest.of(door);
    }
    digests = next;
  }

  /** All of them. By a thread that may make more known. */
  Collection<Door> all() {
    return doors.values();
  }

  /** How the files name the door of a grant's tag; 0 = not known. */
  long digest(long tag) {
    long[] known = digests;
    int id = GrantTag.doorId(tag);
    return id < known.length ? known[id] : 0;
  }
}

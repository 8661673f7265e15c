package knockgate.gate.state;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import knockgate.rules.GrantTag;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Door;
import knockgate.rules.words.Prefix;

/**
 * The doors that the files speak of: those of the policy and those that have gone from it, whose
 * grants last until their time is up. One thread at a time makes them known; any may ask.
 */
final class KnownDoors {
  private final KnockState state;
  private final Map<Integer, Door> doors = new TreeMap<>();

  /**
   * By twice the number that a door has in this run, for IPv6, and one more, for IPv4; 0 = none is
   * known. Replaced, never changed.
   */
  private volatile long[] digests = {};

  KnownDoors(KnockState state) {
    this.state = state;
  }

  void learn(Collection<Door> known) {
    long[] next = digests;
    for (Door door : known) {
      int id = GrantTag.doorId(state.grantTag(door.name()));
      doors.put(id, door);
      next = Arrays.copyOf(next, Math.max(next.length, 2 * id + 2));
      next[2 * id] = DoorDigest.of(door, false);
      next[2 * id + 1] = DoorDigest.of(door, true);
    }
    digests = next;
  }

  /** All of them. By a thread that may make more known. */
  Collection<Door> all() {
    return doors.values();
  }

  /** How the files name the door of a grant, by its address and tag; 0 = not known. */
  long digest(long hi, long lo, long tag) {
    long[] known = digests;
    int at = 2 * GrantTag.doorId(tag) + (Prefix.isV4(hi, lo) ? 1 : 0);
    return at < known.length ? known[at] : 0;
  }
}

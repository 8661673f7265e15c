package knockgate.gate.state;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import knockgate.gate.GrantDesk;
import knockgate.rules.Grant;
import knockgate.rules.GrantTable;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.words.Prefix;

/**
 * Puts what the files hold into the tables of a gate that does not run yet, record by record, each
 * one over what earlier ones said of the same grant.
 *
 * <p>A grant gets what is left until its end by the wall clock, and never more than it had left
 * when its record was written: a clock that went back lengthens nothing. One whose end has come
 * meanwhile is put in all the same, for the first sweep to take it out and tell of it.
 */
final class Restorer {
  /** A grant, whatever number its door has in this run. */
  private record Key(long hi, long lo, long door, int part) {}

  private final KnockState state;
  private final long nowMs;
  private final long epochMs;
  private final HookBook hooks;
  private final Map<Long, Door> doors = new HashMap<>();
  private final Map<Long, String> names = new HashMap<>();
  private final Map<Long, Set<Key>> homeless = new TreeMap<>();
  private final Map<Long, Set<Key>> homelessHooks = new TreeMap<>();
  private long used;
  private long unplaced;

  /**
   * For one start.
   *
   * @param nowMs milliseconds since the gate's start
   * @param epochMs wall clock, milliseconds since 1970
   */
  Restorer(KnockState state, HookBook hooks, Policy policy, long nowMs, long epochMs) {
    this.state = state;
    this.hooks = hooks;
    this.nowMs = nowMs;
    this.epochMs = epochMs;
    for (Door door : policy.doors()) {
      doors.put(DoorDigest.of(door, false), door);
      doors.put(DoorDigest.of(door, true), door);
      doors.put(DoorDigest.former(door), door);
    }
  }

  /** Takes one whole record in. What it does not know it leaves out. */
  void take(ByteBuffer records, int at) {
    long kind = records.getLong(at + 48);
    long a = records.getLong(at + 8);
    long b = records.getLong(at + 16);
    long door = records.getLong(at + 24);
    long ends = records.getLong(at + 32);
    long left = records.getLong(at + 40);
    Key key = new Key(a, b, door, StateRecord.partOf(kind));
    switch (StateRecord.kindOf(kind)) {
      case StateRecord.GRANT -> grant(key, leftMs(ends, left), StateRecord.connectionsOf(kind));
      case StateRecord.ENDED -> end(key);
      case StateRecord.USED -> used += state.replays().restore(a, epochMs) ? 1 : 0;
      case StateRecord.HOOKED -> hook(key, true);
      case StateRecord.UNHOOKED -> hook(key, false);
      case StateRecord.DOOR -> names.put(door, DoorDigest.name(a, b, ends, left));
      default -> {}
    }
  }

  /** Within what the table can hold, whatever a file says that nobody here wrote. */
  private long leftMs(long endsMs, long leftWhenWritten) {
    if (endsMs == StateRecord.NEVER) {
      return StateRecord.NEVER;
    }
    long leftByTheClock = Math.max(0, endsMs) - epochMs;
    return Math.min(Math.min(leftByTheClock, leftWhenWritten), GrantTable.NEVER);
  }

  private void grant(Key key, long leftMs, int connections) {
    end(key);
    Door door = doors.get(key.door);
    if (door == null) {
      if (leftMs > 0) {
        homeless.computeIfAbsent(key.door, digest -> new HashSet<>()).add(key);
      }
      return;
    }
    boolean placed =
        state
            .grants()
            .add(
                key.hi,
                key.lo,
                state.grantTag(door.name()) | key.part,
                nowMs,
                leftMs == StateRecord.NEVER ? GrantTable.NEVER : nowMs + Math.max(0, leftMs),
                connections);
    unplaced += placed ? 0 : 1;
  }

  private void end(Key key) {
    Door door = doors.get(key.door);
    if (door != null) {
      state.grants().revoke(key.hi, key.lo, state.grantTag(door.name()) | key.part, nowMs);
    } else {
      homeless.getOrDefault(key.door, new HashSet<>()).remove(key);
    }
  }

  private void hook(Key key, boolean isOpen) {
    Door door = doors.get(key.door);
    if (door == null) {
      Set<Key> keys = homelessHooks.computeIfAbsent(key.door, digest -> new HashSet<>());
      if (isOpen) {
        keys.add(key);
      } else {
        keys.remove(key);
      }
      return;
    }
    Prefix peer = GrantDesk.covered(door, new Prefix(key.hi, key.lo, 128));
    HookBook.Entry entry = new HookBook.Entry(door.name(), peer);
    if (isOpen) {
      hooks.opened(entry);
    } else {
      hooks.shut(entry);
    }
  }

  /** How many grants there are now. */
  long grants() {
    long[] count = {0};
    state.grants().each(nowMs, (Grant grant) -> count[0] += grant.connections() > 0 ? 1 : 0);
    return count[0];
  }

  /** How many used messages and sequences are known now. */
  long used() {
    return used;
  }

  /** Grants for which the tables had no room. */
  long unplaced() {
    return unplaced;
  }

  /** Names of doors that are gone, or cover something else, and how many grants they had. */
  Map<String, Integer> homeless() {
    return counts(homeless);
  }

  /** The same, and for how many peers their on-close should still run. */
  Map<String, Integer> homelessHooks() {
    return counts(homelessHooks);
  }

  private Map<String, Integer> counts(Map<Long, Set<Key>> byDoor) {
    Map<String, Integer> counts = new TreeMap<>();
    byDoor.forEach(
        (door, keys) -> {
          if (!keys.isEmpty()) {
            counts.merge(names.getOrDefault(door, "without a name"), keys.size(), Integer::sum);
          }
        });
    return counts;
  }
}

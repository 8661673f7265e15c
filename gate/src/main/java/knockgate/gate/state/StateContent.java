package knockgate.gate.state;

import knockgate.gate.Clocks;
import knockgate.rules.Grant;
import knockgate.rules.GrantTable;
import knockgate.rules.GrantTag;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Door;
import knockgate.rules.words.Prefix;

/**
 * From what the gate has in its tables to records, one by one for the journal or all of them for a
 * snapshot. Any thread; a lane's for one grant or used message, for which nothing is allocated.
 */
final class StateContent {
  /** Takes records; their order is their number. */
  @FunctionalInterface
  interface Sink {
    void add(long a, long b, long c, long d, long e, long kind);
  }

  private final KnockState state;
  private final HookBook hooks;
  private final Clocks clocks;
  private final KnownDoors doors;

  StateContent(KnockState state, HookBook hooks, Clocks clocks, KnownDoors doors) {
    this.state = state;
    this.hooks = hooks;
    this.clocks = clocks;
    this.doors = doors;
  }

  /** All that is worth keeping at this moment. */
  void writeAll(Sink sink) {
    doors.all().forEach(door -> write(sink, door));
    state.grants().each(clocks.nowMs(), grant -> write(sink, grant));
    state.replays().export(clocks.epochMs(), word -> writeUsed(sink, word));
    hooks.open().forEach(entry -> write(sink, entry, true));
  }

  /** Its name, for people, behind what the grants of either family call it. */
  void write(Sink sink, Door door) {
    long[] name = DoorDigest.name(door);
    long kind = StateRecord.kind(StateRecord.DOOR, 0, 0);
    sink.add(name[0], name[1], DoorDigest.of(door, false), name[2], name[3], kind);
    sink.add(name[0], name[1], DoorDigest.of(door, true), name[2], name[3], kind);
  }

  private void write(Sink sink, Grant grant) {
    writeGrant(sink, grant.hi(), grant.lo(), grant.tag(), grant.deadlineMs(), grant.connections());
  }

  /** A grant as it is now, with an end; of a door that is known. */
  void writeGrant(Sink sink, long hi, long lo, long tag, long deadlineMs, int connections) {
    long door = doors.digest(hi, lo, tag);
    if (door != 0) {
      boolean isEndless = deadlineMs == GrantTable.NEVER;
      long leftMs = isEndless ? StateRecord.NEVER : deadlineMs - clocks.nowMs();
      long endMs = isEndless ? StateRecord.NEVER : clocks.epochMs() + leftMs;
      long kind = StateRecord.kind(StateRecord.GRANT, connections, GrantTag.part(tag));
      sink.add(hi, lo, door, endMs, leftMs, kind);
    }
  }

  /** A grant that is no more. */
  void writeEnded(Sink sink, long hi, long lo, long tag) {
    long door = doors.digest(hi, lo, tag);
    if (door != 0) {
      long kind = StateRecord.kind(StateRecord.ENDED, 0, GrantTag.part(tag));
      sink.add(hi, lo, door, 0, 0, kind);
    }
  }

  /** A message or a sequence that was used. */
  void writeUsed(Sink sink, long word) {
    sink.add(word, 0, 0, 0, 0, StateRecord.kind(StateRecord.USED, 0, 0));
  }

  /** What a hook has done, or undone. */
  void write(Sink sink, HookBook.Entry entry, boolean isOpen) {
    Prefix peer = entry.peer();
    long door = doors.digest(peer.hi(), peer.lo(), state.grantTag(entry.door()));
    if (door != 0) {
      long kind = StateRecord.kind(isOpen ? StateRecord.HOOKED : StateRecord.UNHOOKED, 0, 0);
      sink.add(peer.hi(), peer.lo(), door, 0, 0, kind);
    }
  }
}

package knockgate.gate.control;

import java.util.List;
import java.util.function.IntPredicate;
import knockgate.rules.PeerAttempt;
import knockgate.rules.PolicyPlan;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Pace;
import knockgate.rules.words.Prefix;

/** Peers in the middle of a sequence, the furthest along first. */
final class AttemptRows {
  private final ControlRoom room;
  private final long nowMs;

  AttemptRows(ControlRoom room) {
    this.room = room;
    nowMs = room.clocks().nowMs();
  }

  /**
   * Writes them.
   *
   * @param doorName one door only; empty = all
   */
  void write(String doorName, int most, Answer answer) {
    PolicyPlan plan = room.plan();
    List<Door> doors = plan.policy().doors();
    IntPredicate meant = i -> doorName.isEmpty() || doors.get(i).name().equals(doorName);
    PeerAttempt.list(room.state(), plan, nowMs, meant, null, most)
        .forEach(attempt -> answer.add(row(attempt, doors.get(attempt.door()))));
  }

  private Row row(PeerAttempt attempt, Door door) {
    Row row =
        Row.of("attempt")
            .with("door", door.name())
            .with("peer", Prefix.address(attempt.hi(), attempt.lo()))
            .with("step", attempt.step());
    Pace pace = Pace.of(door.trigger());
    if (pace != null) {
      row.with("steps", pace.steps()).with("left_ms", leftMs(attempt, pace, nowMs));
    }
    return row.with("last_ago_ms", nowMs - attempt.lastKnockMs())
        .with("first_ago_ms", nowMs - attempt.firstKnockMs());
  }

  /** How long the next knock may still take, in milliseconds, 0 or more. */
  static long leftMs(PeerAttempt attempt, Pace pace, long nowMs) {
    return pace.leftMs(nowMs - attempt.firstKnockMs(), nowMs - attempt.lastKnockMs());
  }
}

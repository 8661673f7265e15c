package knockgate.gate.control;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import knockgate.rules.PeerAttempt;
import knockgate.rules.PolicyPlan;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Pace;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.Spa;
import knockgate.rules.policy.Trigger;
import org.jspecify.annotations.Nullable;

/** The doors of the policy, with how many are before and behind each. */
final class DoorRows {
  private final ControlRoom room;

  DoorRows(ControlRoom room) {
    this.room = room;
  }

  /**
   * Writes them.
   *
   * @param withSteps whether to tell what opens them
   */
  void write(boolean withSteps, Answer answer) {
    long nowMs = room.clocks().nowMs();
    Map<String, Long> grants = new HashMap<>();
    room.state()
        .grants()
        .list(nowMs)
        .forEach(grant -> grants.merge(room.state().doorName(grant.tag()), 1L, Long::sum));
    PolicyPlan plan = room.plan();
    int[] attempts = PeerAttempt.countPerDoor(room.state(), plan, nowMs);
    List<Door> doors = plan.policy().doors();
    for (int i = 0; i < doors.size(); i++) {
      Door door = doors.get(i);
      answer.add(
          row(door, withSteps)
              .with("attempts", attempts[i])
              .with("grants", grants.getOrDefault(door.name(), 0L)));
    }
  }

  private static Row row(Door door, boolean withSteps) {
    Row row = Row.of("door").with("door", door.name()).with("protects", listed(door.protects()));
    row.with("opens", opens(door.trigger()));
    Pace pace = Pace.of(door.trigger());
    if (pace != null) {
      row.with("steps", pace.steps());
      add(row, "time_ms", pace.time());
      add(row, "window_ms", pace.window());
    }
    if (withSteps && door.trigger() instanceof Sequence sequence) {
      row.with("knock", listed(sequence.steps()));
    }
    add(row, "autoclose_ms", door.autoclose());
    return row;
  }

  private static String opens(Trigger trigger) {
    if (trigger instanceof Spa spa) {
      return "message to udp/" + spa.port();
    }
    return Pace.steps(trigger) + (trigger instanceof Rotating ? " rotating" : "") + " knocks";
  }

  private static void add(Row row, String key, @Nullable Duration duration) {
    if (duration != null) {
      row.with(key, duration.toMillis());
    }
  }

  private static String listed(List<?> things) {
    return things.stream().map(Object::toString).collect(Collectors.joining(" "));
  }
}

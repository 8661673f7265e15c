package knockgate.rules;

import java.util.concurrent.atomic.AtomicReference;
import knockgate.rules.policy.Rotating;
import org.jspecify.annotations.Nullable;

/**
 * The courses of a rotating door: the present time step's, the one before and the one after. Shared
 * by all lanes. Worked out anew when a packet comes in another step than the last one did, which
 * costs some dozen HMACs; two lanes may do so at once, with the same result.
 */
final class Rotation {
  /**
   * Attempt tags are given to steps in turn. An attempt of step s begins before step s + 2 does and
   * lasts {@link Rotating#MOST_STEPS} steps at most, so it is over when step s + 4 begins. The next
   * step with its tag counts from step s + TAGS - 1 on: with 5 just then, with 6 a step later. That
   * is for the wall clock, by which steps go and windows do not; it may be set meanwhile.
   */
  static final int TAGS = 6;

  private final Rotating trigger;
  private final int index;
  private final DoorPlan door;
  private final KnockPlan knocks;
  private final long[] tags;
  private final AtomicReference<@Nullable Courses> latest = new AtomicReference<>();

  /** The courses that count in one time step. */
  private record Courses(long step, Course before, Course present, Course after) {
    Course at(int i) {
      return i == 0 ? present : i == 1 ? before : after;
    }
  }

  /** How many courses count at a time. */
  static final int COUNT = 3;

  /**
   * @param tags {@link #TAGS} tags of the attempt table
   */
  Rotation(Rotating trigger, int index, DoorPlan door, KnockPlan knocks, long[] tags) {
    this.trigger = trigger;
    this.index = index;
    this.door = door;
    this.knocks = knocks;
    this.tags = tags;
  }

  /** One of the {@link #COUNT} courses that count now; the first is the present step's. */
  Course course(int i, long epochMs) {
    return courses(epochMs).at(i);
  }

  /** The course that a tag stands for now; null = its step is over. */
  @Nullable Course ofTag(long tag, long epochMs) {
    Courses courses = courses(epochMs);
    for (int i = 0; i < COUNT; i++) {
      if (courses.at(i).tag == tag) {
        return courses.at(i);
      }
    }
    return null;
  }

  /** When a course no longer counts, milliseconds since 1970. */
  long endMs(Course course) {
    return (course.timeStep + 2) * trigger.knocks().step().toMillis();
  }

  private Courses courses(long epochMs) {
    long step = trigger.knocks().stepAt(epochMs);
    Courses known = latest.get();
    if (known != null && known.step == step) {
      return known;
    }
    Courses courses = new Courses(step, make(step - 1), make(step), make(step + 1));
    latest.set(courses);
    return courses;
  }

  private Course make(long step) {
    long tag = tags[(int) Math.floorMod(step, (long) TAGS)];
    return new Course(index, door, knocks, tag, step, trigger.at(step));
  }
}

package knockgate.rules.policy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many knocks open a door, and how fast they must come.
 *
 * @param steps knocks in all
 * @param time most time between two knocks; null = no limit
 * @param window most time from the first to the last; null = no limit
 */
public record Pace(int steps, @Nullable Duration time, @Nullable Duration window) {
  /** The pace of a trigger; null = it is not a matter of knocks. */
  public static @Nullable Pace of(Trigger trigger) {
    if (trigger instanceof Sequence sequence) {
      return new Pace(steps(trigger), sequence.time(), sequence.window());
    }
    if (trigger instanceof Rotating rotating) {
      return new Pace(steps(trigger), rotating.time(), rotating.window());
    }
    return null;
  }

  /** The knocks of a trigger; 0 = it is not a matter of knocks. Allocates nothing. */
  public static int steps(Trigger trigger) {
    if (trigger instanceof Sequence sequence) {
      return sequence.steps().size();
    }
    return trigger instanceof Rotating rotating ? rotating.knocks().count() : 0;
  }

  /**
   * How long the next knock may still take, in milliseconds; 0 or more.
   *
   * @param firstAgoMs how long ago the first knock was
   * @param lastAgoMs how long ago the latest was
   */
  public long leftMs(long firstAgoMs, long lastAgoMs) {
    long byTime = time == null ? Long.MAX_VALUE : time.toMillis() - lastAgoMs;
    long byWindow = window == null ? Long.MAX_VALUE : window.toMillis() - firstAgoMs;
    return Math.max(0, Math.min(byTime, byWindow));
  }
}

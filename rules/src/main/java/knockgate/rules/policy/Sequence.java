package knockgate.rules.policy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import org.jspecify.annotations.Nullable;

/**
 * An ordered list of knocks.
 *
 * @param steps 1 to 32 knocks, in order
 * @param strict whether a wrong knock ends the attempt; otherwise it is ignored
 * @param time most time between two knocks, checked for every gap; null = no limit (a window is
 *     then set)
 * @param window most time from the first to the last knock; null = no limit
 * @param flags which TCP packets are knocks
 * @param ignoresRepeats whether the step just passed, sent again unchanged, is left out of account
 * @param restart whether a wrong knock that is the first step begins a new attempt (strict only)
 */
public record Sequence(
    List<Step> steps,
    boolean strict,
    @Nullable Duration time,
    @Nullable Duration window,
    TcpFlags flags,
    boolean ignoresRepeats,
    boolean restart)
    implements Trigger {
  /** Most steps of a sequence. */
  public static final int MAX_STEPS = 32;

  public Sequence {
    steps = List.copyOf(steps);
  }

  /** One knock is no attempt: the door is open, and there is nothing to end. */
  @Override
  public Duration strictPause() {
    return strict && steps.size() > 1 ? longestPause() : Duration.ZERO;
  }

  private Duration longestPause() {
    if (time == null || window == null) {
      return Objects.requireNonNull(time == null ? window : time);
    }
    return time.compareTo(window) < 0 ? time : window;
  }

  /** All components; by hand, as a record's own costs a start 20 ms at its first call. */
  @Override
  public String toString() {
    return steps
        + (strict ? " strict" : "")
        + (" time " + time + " window " + window + " flags " + flags)
        + (ignoresRepeats ? " ignoring repeats" : "")
        + (restart ? " restarting" : "");
  }

  /** Whether a packet of this protocol can be a right or a wrong knock here. */
  public boolean uses(Protocol protocol) {
    return steps.stream().anyMatch(step -> step.protocol() == protocol);
  }
}

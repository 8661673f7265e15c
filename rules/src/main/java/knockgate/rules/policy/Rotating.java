package knockgate.rules.policy;

import java.time.Duration;
import knockgate.rules.spa.RotatingSequence;
import org.jspecify.annotations.Nullable;

/**
 * A sequence that changes with time. The present one counts, the one before and the one after; each
 * opens once for a peer. The other components are those of {@link Sequence}.
 *
 * @param knocks where the ports come from
 * @param window most time from the first to the last knock, {@link #MOST_STEPS} time steps at most:
 *     so an attempt is over before its number is used for another step
 */
public record Rotating(
    RotatingSequence knocks,
    boolean strict,
    @Nullable Duration time,
    Duration window,
    TcpFlags flags,
    boolean ignoresRepeats,
    boolean restart)
    implements Trigger {
  /** Most time steps that a window may span. */
  public static final int MOST_STEPS = 2;

  @Override
  public Duration strictPause() {
    return !strict ? Duration.ZERO : time != null && time.compareTo(window) < 0 ? time : window;
  }

  /** The sequence of one time step. */
  public Sequence at(long step) {
    return new Sequence(knocks.steps(step), strict, time, window, flags, ignoresRepeats, restart);
  }
}

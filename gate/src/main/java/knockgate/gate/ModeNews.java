package knockgate.gate;

import java.io.PrintStream;
import java.util.function.BooleanSupplier;

/**
 * Tells the log and the service manager when the gate begins to only observe and when it enforces
 * again, whoever made it so: between the two, everything passes.
 */
final class ModeNews {
  private final BooleanSupplier observes;
  private final PrintStream err;
  private final Runnable status;
  private boolean observed;

  /**
   * News from now on.
   *
   * @param status tells the service manager what the gate does
   */
  ModeNews(BooleanSupplier observes, PrintStream err, Runnable status) {
    this.observes = observes;
    this.err = err;
    this.status = status;
    observed = observes.getAsBoolean();
  }

  /** Looks whether the mode is another. By whoever changes the policy, one at a time. */
  void look() {
    boolean now = observes.getAsBoolean();
    if (now != observed) {
      observed = now;
      err.println(
          now
              ? "knockgate: only observing from now on: everything passes"
              : "knockgate: enforcing from now on");
      status.run();
    }
  }
}

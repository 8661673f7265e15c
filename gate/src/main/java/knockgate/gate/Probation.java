package knockgate.gate;

import java.io.PrintStream;
import java.time.Duration;
import knockgate.gate.fault.FaultLog;

/**
 * A start that somebody must confirm, or the gate only observes. It does not stop then: that would
 * leave the doors shut. Its thread ends with the time.
 */
final class Probation {
  private final CurrentPolicy policy;
  private final Duration within;
  private final FaultLog faults;
  private final PrintStream err;

  /** Begins to wait; the time runs from {@link #start} on. */
  Probation(CurrentPolicy policy, Duration within, FaultLog faults, PrintStream err) {
    this.policy = policy;
    this.within = within;
    this.faults = faults;
    this.err = err;
    policy.awaitConfirmation();
  }

  /** The gate is ready: from now on somebody can see whether it is right. */
  void start() {
    err.println(
        "knockgate: on trial: \"knockgate confirm\" within "
            + within.toSeconds()
            + " s, or it only observes from then on");
    Thread thread = new Thread(this::watch, "confirm");
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for the time to pass. */
  void watch() {
    try {
      Thread.sleep(within.toMillis());
    } catch (InterruptedException e) {
      return; // the process ends
    }
    try {
      if (!policy.giveUpWaiting()) {
        return;
      }
    } catch (RuntimeException | Error e) { // not all of the gate was told, but the lanes were
      faults.record("confirm", e);
    }
    err.println(
        "knockgate: nobody confirmed: the gate ONLY OBSERVES from now on, everything passes;"
            + " knockgate observe off makes it enforce");
  }
}

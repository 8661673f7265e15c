package knockgate.gate;

import java.io.PrintStream;
import java.util.List;
import knockgate.gate.fault.Failure;
import knockgate.gate.fault.FaultLog;

/**
 * What SIGHUP asks for: that the policy is read again. While the gate starts, half of those who use
 * a policy are not there yet, so it waits until the gate is ready, and is done once then. Any
 * thread.
 */
final class Hangup {
  private final CurrentPolicy policy;
  private final FaultLog faults;
  private final PrintStream err;
  private boolean isReady;
  private boolean isAsked;

  Hangup(CurrentPolicy policy, FaultLog faults, PrintStream err) {
    this.policy = policy;
    this.faults = faults;
    this.err = err;
  }

  /** Reads the policy again, or does so later. */
  synchronized void ask() {
    if (isReady) {
      reload();
    } else {
      isAsked = true;
    }
  }

  /** All parts of the gate are built and told of policies. */
  synchronized void ready() {
    isReady = true;
    if (isAsked) {
      reload();
    }
  }

  private void reload() {
    try {
      List<String> waiting = policy.reload();
      String later = "; these wait for a restart: " + String.join(", ", waiting);
      err.println("knockgate: the policy was read again" + (waiting.isEmpty() ? "" : later));
    } catch (Failure e) {
      err.println(
          "knockgate: the policy stays as it was, the new one cannot be used:\n" + e.sentence());
    } catch (RuntimeException | Error e) {
      faults.record("reload", e);
    }
  }
}

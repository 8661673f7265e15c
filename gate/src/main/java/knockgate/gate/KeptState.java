package knockgate.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.fault.FaultLog;
import knockgate.gate.fault.FileTrouble;
import knockgate.gate.state.HookBook;
import knockgate.gate.state.StateKeeper;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.StateSpec;
import org.jspecify.annotations.Nullable;

/** What a running gate keeps over its end, if its policy and the system let it. */
final class KeptState implements AutoCloseable {
  private final KnockState state;
  private final HookBook hooks;
  private final Clocks clocks;
  private final FaultLog faults;
  private final PrintStream err;
  private @Nullable StateKeeper keeper;
  private boolean journalFaultTold;

  KeptState(KnockState state, HookBook hooks, Clocks clocks, FaultLog faults, PrintStream err) {
    this.state = state;
    this.hooks = hooks;
    this.clocks = clocks;
    this.faults = faults;
    this.err = err;
  }

  /**
   * Fills the tables with what a former gate left. Before any packet.
   *
   * @throws Failure when the policy names a file that cannot be used; a damaged one can
   */
  void open(Policy policy) {
    Path file = StateKeeper.file(policy, System.getenv());
    if (file == null) {
      if (!policy.state().file().equals(StateSpec.NONE)) {
        say("no grant will outlive this gate: there is no /var/lib/knockgate, and no state.file");
      }
      return;
    }
    try {
      keeper = StateKeeper.open(file, state, hooks, policy, clocks, this::say);
    } catch (IOException e) {
      if (policy.state().demanded()) {
        throw new Failure(ExitCode.CANNOT, "state.file: " + sentence(e), e);
      }
      say("warning: no grant will outlive this gate: " + sentence(e));
    }
  }

  private static String sentence(IOException e) {
    return e instanceof FileSystemException trouble
        ? trouble.getFile() + ": " + FileTrouble.reason(e)
        : String.valueOf(e.getMessage());
  }

  private void say(String sentence) {
    err.println("knockgate: " + sentence);
  }

  /** Before a policy is used. */
  void use(Policy policy) {
    if (keeper != null) {
      keeper.use(policy);
    }
  }

  /**
   * Once a second, and when a grant was taken back; on a thread that no packet waits for.
   *
   * @return false if something that the files should know could not be saved
   */
  boolean tick() {
    try {
      if (keeper != null) {
        keeper.tick();
        tellJournalFault(keeper.journalFault());
      }
      return true;
    } catch (ClosedByInterruptException e) {
      return false; // the gate ends, and close() writes it
    } catch (IOException e) {
      faults.record("write state", e);
      return false;
    }
  }

  private void tellJournalFault(@Nullable Throwable fault) {
    if (fault != null && !journalFaultTold) {
      journalFaultTold = true;
      faults.record("write journal", fault);
      say("warning: the journal cannot be written, so what changes is saved once a second");
    }
  }

  /** When no lane runs any more. */
  @Override
  public void close() {
    try {
      if (keeper != null) {
        keeper.close();
      }
    } catch (IOException e) {
      faults.record("write state", e);
    }
  }
}

package knockgate.gate;

import java.io.PrintStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import knockgate.gate.fault.FaultLog;
import knockgate.gate.gpg.GpgKeyring;
import knockgate.gate.gpg.UntimelyKeys;
import knockgate.rules.KnockState;
import knockgate.rules.PolicyPlan;
import knockgate.rules.SealedJudge;
import knockgate.rules.SealedMessage;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts GPG messages, one after the other, in a thread of its own: one takes some milliseconds,
 * and no packet waits for it. The packet that brought a message is dropped long before; the grant
 * follows. What waits is bounded; when there is no room, the message is lost, told and counted.
 */
final class GpgDesk implements AutoCloseable {
  /** Messages that may wait, 2 kB each: less than a second of work. */
  static final int MOST_WAITING = 64;

  /** Longest rest after a message; a process that was stopped meanwhile does not sleep it all. */
  private static final long MOST_REST_NS = 100_000_000;

  private final KnockState state;
  private final GpgKeyring keyring = new GpgKeyring();
  private final Clocks clocks;
  private final AuditRing audit;
  private final FaultLog faults;
  private final PrintStream err;
  private final LaneCounters counters = new LaneCounters();
  private final BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread;
  private volatile boolean stopping;

  /** The thread's own. */
  private @Nullable SealedJudge sealedJudge;

  GpgDesk(KnockState state, Clocks clocks, AuditRing audit, FaultLog faults, PrintStream err) {
    this.state = state;
    this.clocks = clocks;
    this.audit = audit;
    this.faults = faults;
    this.err = err;
    thread = new Thread(this::run, "gpg");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** What became of messages; raised by the desk's thread. */
  LaneCounters counters() {
    return counters;
  }

  /**
   * From now on another policy: its keys are read at once, those of the last one forgotten; of
   * those whose time has not come or is over, people are told.
   */
  void use(PolicyPlan plan) {
    // Where there is no room, keys are read with the first message that needs them.
    waiting.offer(() -> prepare(plan));
  }

  private void prepare(PolicyPlan plan) {
    keyring.clear();
    UntimelyKeys.of(plan.policy(), gpg -> keyring.prepare(gpg, clocks.epochMs()))
        .forEach((path, fault) -> err.println("knockgate: warning: " + path + ": " + fault));
  }

  /** Takes a message; any lane's thread. False = there was no room. */
  boolean offer(SealedMessage message) {
    return waiting.offer(() -> judge(message));
  }

  private void run() {
    while (!stopping) {
      try {
        waiting.take().run();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        // One message must not end the thread, whatever it did.
        faults.record("gpg", e);
      }
    }
  }

  /** With the first message: few gates take any, and what it needs of Java takes 5 ms to load. */
  private SealedJudge judge() {
    if (sealedJudge == null) {
      sealedJudge = new SealedJudge(state, keyring);
    }
    return sealedJudge;
  }

  /**
   * Behind a message that opens nothing the desk rests for as long as it took: where a stanza takes
   * messages without an HMAC, a flood of them gets half a processor and no more.
   */
  private void judge(SealedMessage message) {
    long begunNs = clocks.nowNs();
    SealedJudge judge = judge();
    Reason reason = judge.judge(message, clocks.nowMs());
    switch (reason) {
      case SPA_OPENED -> {
        counters.add(Counter.MESSAGES, 1);
        counters.add(Counter.GRANTS, 1);
      }
      case GRANTS_FULL -> counters.add(Counter.TABLE_FULL, 1);
      default -> counters.add(Counter.MESSAGES_REFUSED, 1);
    }
    audit.tellMessage(
        clocks.epochMs(), reason, judge.door(), message, judge.grantedMs(), judge.report());
    if (reason != Reason.SPA_OPENED) {
      LockSupport.parkNanos(Math.min(clocks.nowNs() - begunNs, MOST_REST_NS));
    }
  }

  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
  }
}

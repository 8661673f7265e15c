package knockgate.gate;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import knockgate.gate.fault.FaultLog;
import knockgate.rules.Grant;
import knockgate.rules.KnockState;
import knockgate.rules.PolicyPlan;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;

/**
 * Once a second, off the packet path: tells of grants that have ended, cuts their connections if
 * asked to, clears what no longer counts, and lets the state be saved. No packet waits for it;
 * deadlines are compared when a packet comes.
 */
final class Sweeper implements AutoCloseable {
  private static final long EVERY_MS = 1000;

  /** How long an attempt is kept to explain a knock that came too late, if there is room. */
  private static final long EXPLAINED_MS = 60_000;

  private final KnockState state;
  private final Clocks clocks;
  private final AuditRing audit;
  private final FaultLog faults;
  private final BooleanSupplier save;
  private final Cutter cutter;

  /**
   * Of these no sweep can tell: newcomers to a full table, who alone add to it, took their place.
   */
  private final Queue<Ended> thrownOut = new ConcurrentLinkedQueue<>();

  private final Thread thread;
  private volatile PolicyPlan plan;
  private volatile boolean stopping;

  /** A grant that has ended. */
  private record Ended(long hi, long lo, long tag) {}

  /**
   * A sweeper that does nothing by itself before {@link #start}.
   *
   * @param save saves the state; false = it could not
   */
  Sweeper(
      KnockState state,
      PolicyPlan plan,
      Clocks clocks,
      AuditRing audit,
      FaultLog faults,
      BooleanSupplier save) {
    this.state = state;
    this.plan = plan;
    this.clocks = clocks;
    this.audit = audit;
    this.faults = faults;
    this.save = save;
    cutter = new Cutter(state, faults);
    state.grants().watchThrownOut((hi, lo, tag) -> thrownOut.add(new Ended(hi, lo, tag)));
    thread = new Thread(this::run, "sweeper");
    thread.setDaemon(true);
  }

  void use(PolicyPlan next) {
    plan = next;
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!stopping) {
      try {
        Thread.sleep(EVERY_MS);
        sweepNow();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /**
   * Does it at once. Who has been told that a grant is taken back can rely on it: it is on the
   * disk, and its connections are cut. Any thread that no packet waits for.
   *
   * @return false if it is not on the disk
   */
  synchronized boolean sweepNow() {
    try {
      sweep();
      return save.getAsBoolean();
    } catch (RuntimeException | Error e) { // nobody else cuts connections and saves the state
      faults.record("sweep", e);
      return false;
    }
  }

  private void sweep() {
    long nowMs = clocks.nowMs();
    for (Ended one = thrownOut.poll(); one != null; one = thrownOut.poll()) {
      tell(one.hi, one.lo, one.tag); // the cutter has heard of it
    }
    if (state.grants().size() > 0) {
      state.grants().sweep(nowMs, this::ended);
    }
    cutter.tick(plan.policy(), nowMs);
    if (state.attemptCount() > 0) {
      state.sweepAttempts(plan, nowMs, EXPLAINED_MS);
    }
  }

  private void ended(Grant grant) {
    cutter.ended(grant);
    tell(grant.hi(), grant.lo(), grant.tag());
  }

  private void tell(long hi, long lo, long tag) {
    String name = state.doorName(tag);
    int length = length(hi, lo, name);
    audit.tellGrant(clocks.epochMs(), Reason.AUTOCLOSED, name, hi, lo, length, -1, null);
  }

  /** The prefix length that the door's grants cover, on the 128-bit scale. */
  private int length(long hi, long lo, String name) {
    Policy policy = plan.policy();
    for (Door door : policy.doors()) {
      if (door.name().equals(name)) {
        return Prefix.isV4(hi, lo) ? 96 + door.coversV4() : door.coversV6();
      }
    }
    return 128;
  }

  /** Ends it, behind a last sweep: what ended in the last second is told and cut as well. */
  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sweepNow();
  }
}

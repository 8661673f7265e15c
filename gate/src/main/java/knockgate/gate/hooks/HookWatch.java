package knockgate.gate.hooks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import knockgate.gate.Clocks;
import knockgate.gate.CurrentPolicy;
import knockgate.gate.GrantDesk;
import knockgate.gate.events.Decision;
import knockgate.gate.fault.FaultLog;
import knockgate.gate.state.HookBook;
import knockgate.rules.Grant;
import knockgate.rules.GrantTable;
import knockgate.rules.KnockState;
import knockgate.rules.MessageReport;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Hooks;
import knockgate.rules.policy.Policy;
import knockgate.rules.spa.FwknopRequest;
import knockgate.rules.words.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * Has hooks run when doors open and shut. It does not trust events, of which a flood may lose some:
 * it compares the table of grants with what it has seen open, once a second, and at once when an
 * event says that there is something to see. So a hook that found no room is only late, and
 * whatever was opened is shut.
 *
 * <p>What has run is in a book that outlives the gate: grants that ended while it was down are shut
 * at its start, and those whose on-open it did not come to before it ended are opened. Killed in
 * the middle of a hook, it runs that hook again. While the gate only observes, nothing opens.
 */
public final class HookWatch implements AutoCloseable {
  private static final long LOOK_EVERY_MS = 1000;

  /** Grants between two looks that may have come and gone. */
  private static final int MOST_HEARD = 4096;

  private final CurrentPolicy current;
  private final KnockState state;
  private final HookBook book;
  private final Clocks clocks;
  private final FaultLog faults;
  private final PrintStream err;
  private final HookRunner runner;
  private final ArrayBlockingQueue<Decision> heard = new ArrayBlockingQueue<>(MOST_HEARD);
  private final Semaphore pokes = new Semaphore(0);
  private final Thread thread;

  /** What stands open, and what to run when it shuts; of the watch's thread. */
  private final Map<HookBook.Entry, Hooks> open = new LinkedHashMap<>();

  private volatile boolean stopping;

  /** A watch that does nothing before {@link #start}. */
  public HookWatch(
      CurrentPolicy current,
      KnockState state,
      HookBook book,
      Clocks clocks,
      FaultLog faults,
      PrintStream err) {
    this.current = current;
    this.state = state;
    this.book = book;
    this.clocks = clocks;
    this.faults = faults;
    this.err = err;
    runner = new HookRunner(err);
    thread = new Thread(this::watch, "hooks");
    thread.setDaemon(true);
  }

  /** Begins. Before the first packet. */
  public void start() {
    Map<String, Hooks> hooks = current.policy().outlets().hooks();
    for (HookBook.Entry it : book.open()) {
      Hooks ours = hooks.get(it.door());
      if (ours != null) {
        open.put(it, ours);
      } else {
        err.println("knockgate: not run: on-close of the door " + it.door() + " for " + it.peer());
        book.shut(it);
      }
    }
    policyChanged();
    thread.start();
  }

  /** There is another policy. Any thread. */
  public void policyChanged() {
    pokes.release();
  }

  /** What was decided. By the audit thread; never waits. */
  public void hear(Decision decision) {
    if (current.policy().outlets().hooks().isEmpty()) {
      return;
    }
    switch (decision.reason()) {
      case OPENED, SPA_OPENED, GIVEN -> {
        if (!heard.offer(decision)) {
          return; // the next look sees it, unless it is gone by then
        }
        pokes.release();
      }
      case AUTOCLOSED, REVOKED, COVERS_CHANGED, SPA_CLOSED, CONNECTIONS_SPENT -> pokes.release();
      default -> {}
    }
  }

  /** Hooks that were started, since the start. */
  public long started() {
    return runner.started();
  }

  /** Hooks that did not end well, since the start. */
  public long failed() {
    return runner.failed();
  }

  private void watch() {
    while (!stopping) {
      try {
        await();
        look();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) { // nobody else runs hooks
        faults.record("hooks", e);
      }
    }
  }

  /** Where no door has hooks, nothing wakes it but another policy. */
  private void await() throws InterruptedException {
    if (current.policy().outlets().hooks().isEmpty() && open.isEmpty()) {
      pokes.acquire();
    } else {
      pokes.tryAcquire(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }
    pokes.drainPermits();
  }

  /** Compares, once. */
  void look() {
    Policy policy = current.policy();
    List<Decision> before = new ArrayList<>();
    heard.drainTo(before);
    Map<HookBook.Entry, Long> live = live(policy);
    if (!policy.observe()) {
      live.forEach((it, leftSeconds) -> opened(policy, it, leftSeconds));
      before.stream()
          .map(decision -> of(policy, decision))
          .filter(it -> it != null && !live.containsKey(it))
          .forEach(it -> opened(policy, it, 0));
    }
    Iterator<Map.Entry<HookBook.Entry, Hooks>> all = open.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<HookBook.Entry, Hooks> one = all.next();
      if (!live.containsKey(one.getKey()) && hasShut(one.getKey(), one.getValue())) {
        all.remove();
      }
    }
  }

  /** Those of doors with hooks that stand open now, with the seconds left; 0 = no end. */
  private Map<HookBook.Entry, Long> live(Policy policy) {
    Map<HookBook.Entry, Long> live = new HashMap<>();
    Map<String, Door> doors = new HashMap<>();
    for (Door door : policy.doors()) {
      if (policy.outlets().hooks().containsKey(door.name())) {
        doors.put(door.name(), door);
      }
    }
    if (doors.isEmpty()) {
      return live;
    }
    List<Grant> grants = state.grants().list(clocks.nowMs());
    long nowMs = clocks.nowMs(); // again: a grant given meanwhile would seem to last too long
    for (Grant grant : grants) {
      Door door = doors.get(state.doorName(grant.tag()));
      if (door != null) {
        Prefix peer = GrantDesk.covered(door, new Prefix(grant.hi(), grant.lo(), 128));
        live.merge(
            new HookBook.Entry(door.name(), peer), leftSeconds(grant, nowMs), HookWatch::later);
      }
    }
    return live;
  }

  private static long leftSeconds(Grant grant, long nowMs) {
    return grant.deadlineMs() == GrantTable.NEVER
        ? 0
        : Math.max(1, (grant.deadlineMs() - nowMs + 999) / 1000);
  }

  private static long later(long one, long other) {
    return one == 0 || other == 0 ? 0 : Math.max(one, other);
  }

  /** What a grant was for that is gone already; null = of no door with hooks. */
  private static HookBook.@Nullable Entry of(Policy policy, Decision decision) {
    MessageReport report = decision.report();
    FwknopRequest granted = report == null ? null : report.granted();
    Prefix peer =
        granted == null
            ? decision.peer()
            : new Prefix(granted.addressHi(), granted.addressLo(), 128);
    for (Door door : policy.doors()) {
      if (door.name().equals(decision.door())
          && policy.outlets().hooks().containsKey(door.name())) {
        return new HookBook.Entry(door.name(), GrantDesk.covered(door, peer));
      }
    }
    return null;
  }

  private static Hooks hooks(Policy policy, HookBook.Entry it) {
    Hooks hooks = policy.outlets().hooks().get(it.door());
    if (hooks == null) {
      throw new IllegalStateException("an open door with hooks that has none");
    }
    return hooks;
  }

  private void opened(Policy policy, HookBook.Entry it, long leftSeconds) {
    if (!open.containsKey(it)) {
      Hooks hooks = hooks(policy, it);
      if (offerOpen(hooks, it, leftSeconds)) {
        open.put(it, hooks);
      }
    }
  }

  /** Booked before it runs: what it only began to do is undone as well. */
  private boolean offerOpen(Hooks hooks, HookBook.Entry it, long leftSeconds) {
    if (hooks.onOpen().isEmpty()) {
      book.opened(it);
      return true;
    }
    Hooks.Call call = new Hooks.Call(it.peer(), it.door(), leftSeconds);
    String what = "on-open of door " + it.door() + " for " + it.peer();
    List<String> argv = Hooks.filled(hooks.onOpen(), call);
    return runner.offer(
        it.peer().hashCode(),
        new HookRunner.Job(what, argv, hooks.timeout(), () -> book.opened(it), () -> {}));
  }

  private boolean hasShut(HookBook.Entry it, Hooks hooks) {
    if (hooks.onClose().isEmpty()) {
      book.shut(it);
      return true;
    }
    String what = "on-close of door " + it.door() + " for " + it.peer();
    List<String> argv = Hooks.filled(hooks.onClose(), new Hooks.Call(it.peer(), it.door(), 0));
    return runner.offer(
        it.peer().hashCode(),
        new HookRunner.Job(what, argv, hooks.timeout(), () -> {}, () -> book.shut(it)));
  }

  /**
   * Ends it, behind a last look. What runs within two seconds has run; the next gate sees to the
   * rest. What stands open stays so. When nothing opens or shuts any more.
   */
  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    try {
      thread.join();
      look();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      faults.record("hooks", e);
    }
    runner.close();
  }
}

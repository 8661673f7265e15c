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
import knockgate.gate.Decision;
import knockgate.gate.FaultLog;
import knockgate.gate.GrantDesk;
import knockgate.rules.Door;
import knockgate.rules.Grant;
import knockgate.rules.GrantTable;
import knockgate.rules.Hooks;
import knockgate.rules.KnockState;
import knockgate.rules.MessageReport;
import knockgate.rules.Policy;
import knockgate.rules.Prefix;
import knockgate.rules.spa.FwknopRequest;
import org.jspecify.annotations.Nullable;

/**
 * Has hooks run when doors open and shut. It does not trust events, of which a flood may lose some:
 * it compares the table of grants with what it has seen open, once a second, and at once when an
 * event says that there is something to see. So a hook that found no room is only late, and
 * whatever was opened is shut.
 *
 * <p>Grants that are there at the start come from before it: their on-open has run, their on-close
 * has not. While the gate only observes, nothing opens.
 */
public final class HookWatch implements AutoCloseable {
  private static final long LOOK_EVERY_MS = 1000;

  /** Grants between two looks that may have come and gone. */
  private static final int MOST_HEARD = 4096;

  /** A door that stands open to somebody. */
  private record Open(String door, Prefix peer) {}

  private final CurrentPolicy current;
  private final KnockState state;
  private final Clocks clocks;
  private final FaultLog faults;
  private final HookRunner runner;
  private final ArrayBlockingQueue<Decision> heard = new ArrayBlockingQueue<>(MOST_HEARD);
  private final Semaphore pokes = new Semaphore(0);
  private final Thread thread;

  /** What stands open, and what to run when it shuts; of the watch's thread. */
  private final Map<Open, Hooks> open = new LinkedHashMap<>();

  private volatile boolean stopping;

  /** A watch that does nothing before {@link #start}. */
  public HookWatch(
      CurrentPolicy current, KnockState state, Clocks clocks, FaultLog faults, PrintStream err) {
    this.current = current;
    this.state = state;
    this.clocks = clocks;
    this.faults = faults;
    runner = new HookRunner(err);
    thread = new Thread(this::watch, "hooks");
    thread.setDaemon(true);
  }

  /** Begins. Before the first packet. */
  public void start() {
    policyChanged();
    Policy policy = current.policy();
    live(policy).keySet().forEach(it -> open.put(it, hooks(policy, it)));
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
      case AUTOCLOSED, REVOKED, SPA_CLOSED, CONNECTIONS_SPENT -> pokes.release();
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
      } catch (RuntimeException e) {
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
    Map<Open, Long> live = live(policy);
    if (!policy.observe()) {
      live.forEach((it, leftSeconds) -> opened(policy, it, leftSeconds));
      before.stream()
          .map(decision -> of(policy, decision))
          .filter(it -> it != null && !live.containsKey(it))
          .forEach(it -> opened(policy, it, 0));
    }
    Iterator<Map.Entry<Open, Hooks>> all = open.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Open, Hooks> one = all.next();
      if (!live.containsKey(one.getKey()) && hasShut(one.getKey(), one.getValue())) {
        all.remove();
      }
    }
  }

  /** Those of doors with hooks that stand open now, with the seconds left; 0 = no end. */
  private Map<Open, Long> live(Policy policy) {
    Map<Open, Long> live = new HashMap<>();
    Map<String, Door> doors = new HashMap<>();
    for (Door door : policy.doors()) {
      if (policy.outlets().hooks().containsKey(door.name())) {
        doors.put(door.name(), door);
      }
    }
    if (doors.isEmpty()) {
      return live;
    }
    long nowMs = clocks.nowMs();
    for (Grant grant : state.grants().list(nowMs)) {
      Door door = doors.get(state.doorName(grant.tag()));
      if (door != null) {
        Prefix peer = GrantDesk.covered(door, new Prefix(grant.hi(), grant.lo(), 128));
        live.merge(new Open(door.name(), peer), leftSeconds(grant, nowMs), HookWatch::later);
      }
    }
    return live;
  }

  private static long leftSeconds(Grant grant, long nowMs) {
    return grant.deadlineMs() == GrantTable.NEVER ? 0 : (grant.deadlineMs() - nowMs + 999) / 1000;
  }

  private static long later(long one, long other) {
    return one == 0 || other == 0 ? 0 : Math.max(one, other);
  }

  /** What a grant was for that is gone already; null = of no door with hooks. */
  private static @Nullable Open of(Policy policy, Decision decision) {
    MessageReport report = decision.report();
    FwknopRequest granted = report == null ? null : report.granted();
    Prefix peer =
        granted == null
            ? decision.peer()
            : new Prefix(granted.addressHi(), granted.addressLo(), 128);
    for (Door door : policy.doors()) {
      if (door.name().equals(decision.door())
          && policy.outlets().hooks().containsKey(door.name())) {
        return new Open(door.name(), GrantDesk.covered(door, peer));
      }
    }
    return null;
  }

  private static Hooks hooks(Policy policy, Open it) {
    Hooks hooks = policy.outlets().hooks().get(it.door());
    if (hooks == null) {
      throw new IllegalStateException("an open door with hooks that has none");
    }
    return hooks;
  }

  private void opened(Policy policy, Open it, long leftSeconds) {
    if (!open.containsKey(it)) {
      Hooks hooks = hooks(policy, it);
      if (offer("on-open", hooks.onOpen(), it, leftSeconds, hooks)) {
        open.put(it, hooks);
      }
    }
  }

  private boolean hasShut(Open it, Hooks hooks) {
    return offer("on-close", hooks.onClose(), it, 0, hooks);
  }

  private boolean offer(String key, List<String> argv, Open it, long leftSeconds, Hooks hooks) {
    if (argv.isEmpty()) {
      return true;
    }
    Hooks.Call call = new Hooks.Call(it.peer(), it.door(), leftSeconds);
    return runner.offer(
        it.hashCode(),
        new HookRunner.Job(
            key + " of door " + it.door() + " for " + it.peer(),
            Hooks.filled(argv, call),
            hooks.timeout()));
  }

  /** Ends it, and what runs within two seconds. What stands open stays so. */
  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    runner.close();
  }
}

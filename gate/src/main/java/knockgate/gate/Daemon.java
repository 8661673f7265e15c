package knockgate.gate;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import knockgate.gate.control.ControlRoom;
import knockgate.gate.events.Decisions;
import knockgate.gate.events.EventFeed;
import knockgate.gate.events.EventTarget;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.fault.FaultLog;
import knockgate.gate.hooks.HookWatch;
import knockgate.gate.process.KernelRandom;
import knockgate.gate.process.Signals;
import knockgate.gate.state.HookBook;
import knockgate.nfq.NativeException;
import knockgate.nfq.QueueOptions;
import knockgate.nfq.QueueSocket;
import knockgate.rules.Gatekeeper;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.QueueSpec;
import org.jspecify.annotations.Nullable;

/**
 * The running gate, and the only place that builds its parts. Start: tables, sockets of all lanes
 * (from here on packets wait for us), what a former gate left in its state, control socket and
 * metrics, audit, sweeper, lanes. Stop: the same from the end, and first of all the lanes: they
 * answer what they have read.
 */
public final class Daemon {
  /** Headers with options, and the largest SPA message. */
  private static final int COPY_RANGE = 2048;

  private final PrintStream err;
  private final FaultLog faults;
  private final Clocks clocks = new Clocks();
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private final List<Lane> lanes = new ArrayList<>();
  // Each written once: class-data cannot keep the class of one that is written twice.
  private final Runnable onStop = this::stop;
  private final Runnable onFailure = this::giveUp;
  private final FilterSets filterSets;
  private final AuditRing audit;
  private final GpgDesk gpg;
  private final Sweeper sweeper;
  private final CurrentPolicy policy;
  private final Hangup hangup;
  private final KnockState state;
  private final KeptState kept;
  private final EventTarget target;
  private final Instruments instruments;
  private final HookWatch hooks;
  private final OpenOutlets outlets;
  private @Nullable Probation probation;
  private Systemd systemd = Systemd.NONE;
  private volatile boolean failed;

  /**
   * A gate that does not run yet.
   *
   * @param file where the policy was read from, to be read again
   * @param events where the JSON lines go, unless the policy names a file; not closed
   * @param err where people read
   * @throws Failure when the policy names a file for events that cannot be opened
   */
  public Daemon(Policy first, Path file, OutputStream events, PrintStream err) {
    this.err = err;
    faults = new FaultLog(err);
    filterSets = new FilterSets(err);
    state = new KnockState(first.limits(), first.queue().count(), KernelRandom::nextLong);
    policy = new CurrentPolicy(file, first, state);
    hangup = new Hangup(policy, faults, err);
    HookBook book = new HookBook();
    kept = new KeptState(state, book, clocks, faults, err);
    policy.tell(plan -> kept.use(plan.policy()));
    target = EventTarget.open(first.outlets().events(), events);
    Decisions decisions = new Decisions();
    EventFeed feed = new EventFeed();
    hooks = new HookWatch(policy, state, book, clocks, faults, err);
    policy.tell(plan -> hooks.policyChanged());
    audit = new AuditRing(new AuditHandler(decisions, target, feed, hooks), faults);
    sweeper = new Sweeper(state, policy.plan(), clocks, audit, faults, kept::tick);
    policy.tell(sweeper::use);
    OutgrownGrants outgrown = new OutgrownGrants(first, state, clocks, audit, sweeper::sweepNow);
    policy.tellFirst(filterSets::open);
    policy.tellFirst(outgrown::use);
    gpg = new GpgDesk(state, clocks, audit, faults, err);
    gpg.use(policy.plan());
    policy.tell(gpg::use);
    instruments = new Instruments(state, clocks, audit, faults, feed, hooks);
    instruments.add(gpg.counters());
    outlets = new OpenOutlets(controlRoom(decisions, feed), faults, err);
  }

  private ControlRoom controlRoom(Decisions decisions, EventFeed feed) {
    GrantDesk desk = new GrantDesk(policy, state, clocks, audit, sweeper::sweepNow);
    return new ControlRoom(instruments, policy, state, desk, decisions, feed, clocks, onStop);
  }

  /**
   * Binds all queues and serves them until {@link #stop}.
   *
   * @return whether it ended because it was asked to
   * @throws NativeException when a queue cannot be bound; nothing stays bound then
   * @throws Failure when the policy demands a control socket, metrics or a state file that cannot
   *     be had
   */
  public boolean run() throws NativeException, InterruptedException {
    QueueSpec queue = policy.policy().queue();
    LaneCounters watchCounters = new LaneCounters();
    instruments.add(watchCounters);
    LaneWatch watch = new LaneWatch(systemd, watchCounters, faults, err);
    try {
      for (int i = 0; i < queue.count(); i++) {
        lanes.add(lane(queue, queue.number() + i));
      }
      filterSets.open(policy.policy());
      filterSets.use(policy.plan());
      policy.tell(filterSets::use);
      kept.open(policy.policy());
      warnOfUncuttable();
      outlets.open(policy.policy().outlets());
      requireWayToConfirm();
      hooks.start();
      audit.start();
      sweeper.start();
      gpg.start();
      lanes.forEach(Lane::start);
      lanes.forEach(watch::add);
      watch.start();
      announce(queue);
      stopAsked.await();
    } finally {
      end(watch);
    }
    return !failed;
  }

  private void announce(QueueSpec queue) {
    err.println("knockgate: ready, " + describe(queue));
    policy.around(systemd::reloading, () -> systemd.ready(describe(queue)));
    systemd.ready(describe(queue));
    Runnable status = () -> systemd.status(describe(queue));
    ModeNews news = new ModeNews(() -> policy.policy().observe(), err, status);
    policy.tell(plan -> news.look());
    if (probation != null) {
      probation.start();
    }
    hangup.ready();
  }

  private void end(LaneWatch watch) throws InterruptedException {
    systemd.stopping();
    watch.close();
    for (Lane lane : lanes) {
      lane.stop();
    }
    gpg.close();
    sweeper.close();
    audit.close();
    hooks.close();
    outlets.close();
    filterSets.close();
    kept.close();
    closeTarget();
  }

  private void requireWayToConfirm() {
    if (probation != null && !outlets.hasControl()) {
      throw new Failure(
          ExitCode.CANNOT,
          "without a control socket nobody could confirm: give the policy a control.socket, or"
              + " start without --confirm");
    }
  }

  /** The doors still open and shut without it; but who asked for it must know. */
  private void warnOfUncuttable() {
    if (Cutter.isNeeded(policy.policy())) {
      try {
        Cutter.requireKernel();
      } catch (NativeException e) {
        err.println("knockgate: warning: kill-established will cut nothing: " + e.getMessage());
      }
    }
  }

  private void closeTarget() {
    try {
      target.close();
    } catch (IOException e) {
      faults.record("close event file", e);
    }
  }

  private Lane lane(QueueSpec queue, int number) throws NativeException {
    QueueSocket socket =
        QueueSocket.open(
            new QueueOptions(
                number,
                queue.length(),
                queue.failOpen(),
                COPY_RANGE,
                QueueOptions.receiveBufferFor(queue.length())));
    LaneCounters counters = new LaneCounters();
    VerdictHandler handler =
        new VerdictHandler(
            socket,
            Lane.BATCH,
            new Gatekeeper(policy.plan(), state),
            policy.plan(),
            clocks,
            audit,
            gpg,
            counters,
            instruments.newRecorder(),
            faults,
            onFailure);
    filterSets.add(handler::watchWith);
    policy.tell(handler::use);
    Lane lane =
        new Lane(socket, COPY_RANGE, Lane.isSplit(queue), handler, clocks, faults, onFailure);
    instruments.add(counters, lane::reading);
    return lane;
  }

  private String describe(QueueSpec queue) {
    int last = queue.number() + queue.count() - 1;
    return (queue.count() == 1 ? "queue " : "queues " + queue.number() + " to ")
        + last
        + ", "
        + policy.policy().doors().size()
        + (policy.policy().doors().size() == 1 ? " door" : " doors")
        + (policy.policy().observe() ? ", observing only" : "");
  }

  /**
   * Tells the service manager that the environment names, if it names one, how the gate is. Before
   * {@link #run}.
   */
  public void notifyServiceManager(Map<String, String> environment) {
    systemd = Systemd.of(environment, faults);
  }

  /**
   * Unless somebody confirms within this time from its being ready on, the gate only observes.
   * Before {@link #run}.
   */
  public void observeUnlessConfirmed(Duration within) {
    probation = new Probation(policy, within, faults, err);
  }

  /**
   * From now on SIGTERM and SIGINT end the gate as {@link #stop} does, SIGHUP reads the policy
   * again once the gate is ready, and SIGUSR1 reopens the file of events.
   */
  public void obeySignals() {
    obey("TERM", onStop);
    obey("INT", onStop);
    obey("HUP", hangup::ask);
    obey("USR1", target::reopen);
  }

  private void obey(String signal, Runnable action) {
    if (!Signals.handle(signal, action)) {
      err.println("knockgate: SIG" + signal + " cannot be handled; it will end the gate at once");
    }
  }

  /** Asks the gate to end; {@link #run} returns when it has. Any thread. */
  public void stop() {
    stopAsked.countDown();
  }

  private void giveUp() {
    failed = true;
    stopAsked.countDown();
  }
}

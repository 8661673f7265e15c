package knockgate.gate;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import knockgate.nfq.NativeException;
import knockgate.nfq.QueueOptions;
import knockgate.nfq.QueueSocket;
import knockgate.rules.Gatekeeper;
import knockgate.rules.KnockState;
import knockgate.rules.Policy;
import knockgate.rules.PolicyPlan;
import knockgate.rules.QueueSpec;

/**
 * The running gate, and the only place that builds its parts. Start: tables, sockets of all lanes
 * (from here on packets wait for us), audit, sweeper, lanes. Stop: lanes (they answer what they
 * have read), sockets, sweeper, audit.
 */
public final class Daemon {
  /** Headers with options, and the largest SPA message. */
  private static final int COPY_RANGE = 2048;

  /** Processors per lane from which a second thread has one of its own. */
  private static final int PROCESSORS_FOR_SPLIT = 4;

  private final PrintStream err;
  private final FaultLog faults;
  private final Clocks clocks = new Clocks();
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private final List<Lane> lanes = new ArrayList<>();
  private final AuditRing audit;
  private final Sweeper sweeper;
  private final PolicyPlan plan;
  private final KnockState state;
  private volatile boolean failed;

  /**
   * A gate that does not run yet.
   *
   * @param events where the JSON lines go; not closed
   * @param err where people read
   */
  public Daemon(Policy policy, OutputStream events, PrintStream err) {
    this.err = err;
    faults = new FaultLog(err);
    state = new KnockState(policy.limits());
    plan = new PolicyPlan(policy, state);
    audit = new AuditRing(new EventLines(events), faults);
    sweeper = new Sweeper(state, plan, clocks, audit, faults);
  }

  /**
   * Binds all queues and serves them until {@link #stop}.
   *
   * @return whether it ended because it was asked to
   * @throws NativeException when a queue cannot be bound; nothing stays bound then
   */
  public boolean run() throws NativeException, InterruptedException {
    QueueSpec queue = plan.policy().queue();
    try {
      for (int i = 0; i < queue.count(); i++) {
        lanes.add(lane(queue, queue.number() + i));
      }
      audit.start();
      sweeper.start();
      lanes.forEach(Lane::start);
      err.println("knockgate: ready, " + describe(queue));
      stopAsked.await();
    } finally {
      for (Lane lane : lanes) {
        lane.stop();
      }
      sweeper.close();
      audit.close();
    }
    return !failed;
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
    VerdictHandler handler =
        new VerdictHandler(
            socket,
            Lane.BATCH,
            new Gatekeeper(plan, state),
            plan,
            clocks,
            audit,
            new LaneCounters(),
            faults,
            this::giveUp);
    return new Lane(socket, COPY_RANGE, isSplit(queue), handler, faults, this::giveUp);
  }

  private static boolean isSplit(QueueSpec queue) {
    int processors = Runtime.getRuntime().availableProcessors();
    return queue.threads() == 2
        || (queue.threads() == 0 && processors >= PROCESSORS_FOR_SPLIT * queue.count());
  }

  private String describe(QueueSpec queue) {
    int last = queue.number() + queue.count() - 1;
    return (queue.count() == 1 ? "queue " : "queues " + queue.number() + " to ")
        + last
        + ", "
        + plan.policy().doors().size()
        + (plan.policy().doors().size() == 1 ? " door" : " doors")
        + (plan.policy().observe() ? ", observing only" : "");
  }

  /** From now on SIGTERM and SIGINT end the gate as {@link #stop} does. */
  public void stopOnSignals() {
    for (String name : List.of("TERM", "INT")) {
      if (!Signals.handle(name, this::stop)) {
        err.println("knockgate: SIG" + name + " cannot be handled; it will end the gate at once");
      }
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

package knockgate.gate;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import jnr.constants.platform.Errno;
import knockgate.gate.fault.FaultLog;
import knockgate.nfq.NativeException;

/**
 * Looks once a second whether every lane still serves its queue, takes back a queue that was lost,
 * and tells the service manager that the gate is alive as long as all of them do. A lane that hangs
 * cannot be helped from inside: then the service manager is told nothing and starts the gate anew.
 */
final class LaneWatch implements AutoCloseable {
  private static final long EVERY_MS = 1000;

  private final Map<Lane, LanePulse> pulses = new LinkedHashMap<>();
  private final Systemd systemd;
  private final LaneCounters counters;
  private final FaultLog faults;
  private final PrintStream err;
  private final Thread thread = new Thread(this::run, "watch");
  private volatile boolean stopping;

  /**
   * A watch over no lane yet.
   *
   * @param counters raised by this watch's thread only
   */
  LaneWatch(Systemd systemd, LaneCounters counters, FaultLog faults, PrintStream err) {
    this.systemd = systemd;
    this.counters = counters;
    this.faults = faults;
    this.err = err;
    thread.setDaemon(true);
  }

  /** Watches one more lane. Before {@link #start}. */
  void add(Lane lane) {
    pulses.put(lane, new LanePulse());
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!stopping) {
      try {
        pulses.forEach(this::touch);
        Thread.sleep(EVERY_MS);
        look();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        faults.record("watch", e);
      }
    }
  }

  private void look() {
    pulses.forEach(this::look);
    if (pulses.values().stream().allMatch(LanePulse::isAlive)) {
      systemd.alive();
    }
  }

  private void look(Lane lane, LanePulse pulse) {
    int errno = lane.answer();
    switch (pulse.look(lane.answers(), errno, lane.lastRead(), lane.lastDecided())) {
      case LOST ->
          tell("queue " + lane.number() + " is lost (" + word(errno) + "), taking it back");
      case BACK -> {
        counters.add(Counter.QUEUES_RETAKEN, 1);
        tell("queue " + lane.number() + " is served again");
      }
      case SILENT -> tell("queue " + lane.number() + " is not served: its lane does not answer");
      case NONE -> {}
    }
  }

  private static String word(int errno) {
    Errno known = Errno.valueOf(errno);
    return known == Errno.EPERM ? "somebody else has it" : known.name();
  }

  private void tell(String sentence) {
    err.println("knockgate: " + sentence);
    systemd.status(sentence);
  }

  private void touch(Lane lane, LanePulse pulse) {
    try {
      if (pulse.next() == LanePulse.Next.BIND) {
        lane.bindAgain();
      } else {
        lane.ask();
      }
    } catch (NativeException e) {
      faults.record("watch lane " + lane.number(), e);
    }
  }

  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
  }
}

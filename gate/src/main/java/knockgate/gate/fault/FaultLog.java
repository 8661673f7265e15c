package knockgate.gate.fault;

import com.lmax.disruptor.ExceptionHandler;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Unexpected exceptions of the daemon's threads: each distinct one is printed once and kept with a
 * count, so that a fault on every packet does not fill the log. Any thread may use it.
 */
public final class FaultLog {
  private static final int MOST_KINDS = 64;

  /** What a Disruptor consumer calls instead of ending its thread. */
  public static final class OfRing<T> implements ExceptionHandler<T> {
    private final FaultLog log;
    private final String where;
    private final Runnable after;

    /** Goes on with the next event. */
    public OfRing(FaultLog log, String where) {
      this(log, where, () -> {});
    }

    /**
     * The same.
     *
     * @param after run behind each fault
     */
    public OfRing(FaultLog log, String where, Runnable after) {
      this.log = log;
      this.where = where;
      this.after = after;
    }

    @Override
    public void handleEventException(Throwable fault, long sequence, T event) {
      log.record(where, fault);
      after.run();
    }

    @Override
    public void handleOnStartException(Throwable fault) {
      log.record(where, fault);
    }

    @Override
    public void handleOnShutdownException(Throwable fault) {
      log.record(where, fault);
    }
  }

  private final PrintStream err;
  private final Map<String, Long> counts = new LinkedHashMap<>();

  public FaultLog(PrintStream err) {
    this.err = err;
  }

  /** Counts a fault; prints it, with its trace, when it is the first of its kind. */
  public synchronized void record(String where, Throwable fault) {
    StackTraceElement[] trace = fault.getStackTrace();
    String kind = where + ": " + fault + (trace.length == 0 ? "" : " at " + trace[0]);
    if (!counts.containsKey(kind) && counts.size() == MOST_KINDS) {
      kind = "others";
    }
    if (counts.merge(kind, 1L, Long::sum) == 1) {
      err.println("knockgate: fault in " + kind + " (told once, counted from now on)");
      fault.printStackTrace(err);
    }
  }

  /** Distinct faults and how often each came. */
  public synchronized Map<String, Long> counts() {
    return new LinkedHashMap<>(counts);
  }
}

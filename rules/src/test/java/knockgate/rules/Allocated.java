package knockgate.rules;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a piece of work allocates. */
public final class Allocated {
  private static final int ROUNDS = 5;

  private Allocated() {}

  /**
   * Bytes that this thread allocates for it: the least of five times, since the first ones are
   * interpreted, and the counter itself costs some hundred now and then.
   */
  public static long bytes(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      work.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}

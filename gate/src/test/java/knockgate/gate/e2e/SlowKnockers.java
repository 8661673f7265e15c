package knockgate.gate.e2e;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Somebody new begins a sequence every 20 ms and takes a second for it, on one thread: at any time
 * fifty of them are in the middle of theirs.
 */
final class SlowKnockers {
  private static final int FIRST_SOURCE = 0x0a000001; // 10.0.0.1
  private static final int[] KNOCKS = {7000, 8000, 9000};
  private static final int TURN_NS = 20_000_000;

  /** Turns between two knocks of one source. */
  private static final int PAUSE = 25;

  private final AtomicInteger begun = new AtomicInteger();
  private final Thread thread;
  private volatile boolean over;

  /** Starts at once. */
  SlowKnockers(Wire wire) {
    thread = new Thread(() -> run(wire), "slow knockers");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Wire wire) {
    wire.client().enter();
    try (Forger forger = Forger.open(wire, Family.IPV4.server)) {
      int end = Integer.MAX_VALUE;
      for (int turn = 0; turn < end; turn++) {
        if (over && end == Integer.MAX_VALUE) {
          end = turn + PAUSE * (KNOCKS.length - 1);
        }
        for (int step = 0; step < KNOCKS.length; step++) {
          int who = turn - step * PAUSE;
          if (who >= 0 && (step > 0 ? who < begun.get() : !over)) {
            forger.syn(FIRST_SOURCE + who, 40_000, KNOCKS[step], who);
            begun.getAndAdd(step == 0 ? 1 : 0);
          }
        }
        LockSupport.parkNanos(TURN_NS);
      }
    }
  }

  /**
   * Lets those who have begun come to their end.
   *
   * @return all of them
   */
  Set<String> end() throws InterruptedException {
    over = true;
    thread.join();
    Set<String> all = new HashSet<>();
    for (int i = 0; i < begun.get(); i++) {
      int source = FIRST_SOURCE + i;
      all.add("10." + (source >>> 16 & 255) + "." + (source >>> 8 & 255) + "." + (source & 255));
    }
    return all;
  }
}

package knockgate.gate.e2e;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Forged SYNs from half a million sources at an even pace, on a thread of its own in the client's
 * namespace: to a protected port, and first knocks. None of them ever opens anything.
 */
final class SteadyFlood {
  private static final int FIRST_SOURCE = 0x0a400000; // 10.64.0.0
  private static final int SOURCES = 1 << 19;
  private static final long TICK_NS = 1_000_000;

  private final AtomicLong sent = new AtomicLong();
  private final long startNs = System.nanoTime();
  private final Thread thread;
  private volatile boolean over;

  /** Starts at once. */
  SteadyFlood(Wire wire, int packetsPerSecond, long seed) {
    thread = new Thread(() -> run(wire, packetsPerSecond, seed), "flood");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Wire wire, int packetsPerSecond, long seed) {
    wire.client().enter();
    SplittableRandom random = new SplittableRandom(seed);
    try (Forger forger = Forger.open(wire, Family.IPV4.server)) {
      while (!over) {
        long due = (System.nanoTime() - startNs) * packetsPerSecond / 1_000_000_000L;
        // what a busy machine made us miss is not made up for at one go
        long behind = Math.min(due - sent.get(), packetsPerSecond / 100);
        for (long i = 0; i < behind; i++) {
          int source = FIRST_SOURCE + random.nextInt(SOURCES);
          int port = random.nextBoolean() ? 22 : 7000;
          forger.syn(source, 1024 + random.nextInt(60_000), port, random.nextInt());
          sent.getAndIncrement();
        }
        LockSupport.parkNanos(TICK_NS);
      }
    }
  }

  /** Ends it. */
  SteadyFlood end() throws InterruptedException {
    over = true;
    thread.join();
    return this;
  }

  /** Packets a second, on average since it began. */
  long pace() {
    return sent.get() * 1_000_000_000L / Math.max(1, System.nanoTime() - startNs);
  }
}

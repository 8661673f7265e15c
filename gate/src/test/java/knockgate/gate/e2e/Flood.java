package knockgate.gate.e2e;

import java.util.concurrent.locks.LockSupport;

/**
 * First knocks from a million forged sources in turn, sent by a thread of its own: at a steady
 * rate, held back where the kernel's queue is half full, or as fast as one thread can.
 */
final class Flood implements AutoCloseable {
  /** What {@link #Flood} takes for "as fast as one thread can". */
  static final int UNPACED = Integer.MAX_VALUE;

  private static final int SOURCES = 1_000_000;
  private static final int FIRST_SOURCE = 0x0a000000; // 10.0.0.0
  private static final long SECOND_NS = 1_000_000_000L;

  /** Frames between two looks at the clock. */
  private static final int BURST = 32;

  /** Frames between two looks at the queue, and packets in it that are enough; it holds 16384. */
  private static final int LOOK_EVERY = 32 * BURST;

  private static final int MOST_WAITING = 8192;

  /** What is owed after a pause is not sent at once beyond that: a flood, not a stampede. */
  private static final long MOST_BEHIND_NS = 20_000_000;

  private final Thread thread;
  private volatile boolean over;

  /** Written by the thread only. */
  private volatile long sent;

  private volatile long tookNs;

  /** Starts at once: SYNs to one port of the server's IPv4 address. */
  Flood(Scene scene, int port, int perSecond) {
    thread =
        new Thread(
            () -> {
              scene.wire().client().enter();
              try (Forger forger = Forger.open(scene.wire(), Family.IPV4.server)) {
                run(forger, scene.gate(), port, perSecond);
              }
            },
            "flood");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Forger forger, Gate gate, int port, int perSecond) {
    long start = System.nanoTime();
    long due = start;
    long count = 0;
    for (int i = 0; !over; i = (i + BURST) % SOURCES) {
      for (int j = i; j < i + BURST; j++) {
        forger.syn(FIRST_SOURCE + j % SOURCES, 1024 + j % 60_000, port, j);
      }
      long now = System.nanoTime();
      count += BURST;
      sent = count;
      tookNs = now - start;
      if (perSecond != UNPACED) {
        due = Math.max(due + BURST * SECOND_NS / perSecond, now - MOST_BEHIND_NS);
        LockSupport.parkNanos(due - now);
        holdBack(gate);
      }
    }
  }

  /** A machine too slow for the rate gets less of it; what the kernel drops would prove nothing. */
  private void holdBack(Gate gate) {
    while (sent % LOOK_EVERY == 0 && gate.queues().get(0).waiting() > MOST_WAITING && !over) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Frames sent so far. */
  long sent() {
    return sent;
  }

  /** Frames a second so far. */
  long rate() {
    return tookNs == 0 ? 0 : sent * SECOND_NS / tookNs;
  }

  /** Ends it and waits for its last frame. */
  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

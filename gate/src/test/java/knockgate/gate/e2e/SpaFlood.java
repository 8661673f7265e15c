package knockgate.gate.e2e;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Forged SPA messages at a steady rate, on one thread, until it is ended or its count is reached.
 * Each has the right form and a wrong HMAC; those of fwknop and of xt_pknock take turns.
 */
final class SpaFlood implements AutoCloseable {
  /** Packets behind one another; then the thread waits for its time. */
  private static final int BURST = 32;

  private final Wire wire;
  private final Source source;
  private final int perSecond;
  private final int most;
  private final AtomicInteger sent = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "flood");
  private volatile boolean over;

  private SpaFlood(Wire wire, Source source, int perSecond, int most) {
    this.wire = wire;
    this.source = source;
    this.perSecond = perSecond;
    this.most = most;
    thread.setDaemon(true);
  }

  /** Where forged packets say they come from. */
  enum Source {
    /** Each packet from any of a million, 10.0.0.0/12. */
    EVERYWHERE,
    /** The same for all; 198.18.0.0/15 is nobody's (RFC 2544). */
    ONE_HOST;

    private int next(SplittableRandom random) {
      return this == ONE_HOST ? 198 << 24 | 18 << 16 | 1 : 10 << 24 | random.nextInt(1 << 20);
    }
  }

  /**
   * Starts at once.
   *
   * @param perSecond packets
   * @param most packets in all
   */
  static SpaFlood on(Wire wire, Source source, int perSecond, int most) {
    SpaFlood flood = new SpaFlood(wire, source, perSecond, most);
    flood.thread.start();
    return flood;
  }

  private void run() {
    wire.client().enter();
    String server = Family.IPV4.server;
    byte[] fwknop = Messages.fwknop("not the HMAC key", "tcp/22");
    byte[] pknock = Messages.pknock("not the secret", "192.0.2.66");
    Datagrams[] frames = {
      new Datagrams(wire, server, Messages.FWKNOP_PORT, fwknop),
      new Datagrams(wire, server, Messages.PKNOCK_PORT, pknock)
    };
    SplittableRandom random = new SplittableRandom(20_000);
    long start = System.nanoTime();
    try (Forger forger = Forger.open(wire, server)) {
      while (!over && sent.get() < most) {
        for (int i = 0; i < BURST; i++) {
          int port = 1024 + random.nextInt(60_000);
          forger.send(frames[i % frames.length].from(source.next(random), port));
        }
        long due = start + sent.addAndGet(BURST) * 1_000_000_000L / perSecond;
        long early = due - System.nanoTime();
        if (early > 0) {
          LockSupport.parkNanos(early);
        }
      }
    }
  }

  /** How many have left so far. */
  int sent() {
    return sent.get();
  }

  /** Whether packets are still being sent. */
  boolean isOn() {
    return thread.isAlive();
  }

  @Override
  public void close() {
    end();
  }

  /** Ends it and waits for the last packet. */
  void end() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

package knockgate.gate.e2e;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Connects over and over on one thread, one connection after the other, both families in turn: at
 * most some hundred a second, so that the daemon it is meant for has a processor to start on.
 */
final class Traffic {
  private static final long PAUSE_NS = 5_000_000;

  private final AtomicInteger tries = new AtomicInteger();
  private final AtomicInteger admitted = new AtomicInteger();
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean over;

  /** Starts at once: that peer of each family, one port, and how long each try may take. */
  Traffic(Scene scene, Function<Family, Peer> who, int port, Duration limit) {
    thread =
        new Thread(
            () -> {
              scene.wire().client().enter();
              while (!over) {
                for (Family family : Family.values()) {
                  once(who.apply(family).address(), family.server, port, limit);
                }
                LockSupport.parkNanos(PAUSE_NS);
              }
            },
            "traffic");
    thread.setDaemon(true);
    thread.start();
  }

  private void once(String from, String to, int port, Duration limit) {
    try (Connection connection = Connection.open(from, to, port, limit)) {
      tries.incrementAndGet();
      if (connection.established()) {
        admitted.incrementAndGet();
      } else {
        refused.add(from + " to " + port + ": " + connection);
      }
    }
  }

  /** Ends it and waits for the last try. */
  Traffic end() throws InterruptedException {
    over = true;
    thread.join();
    return this;
  }

  int tries() {
    return tries.get();
  }

  int admitted() {
    return admitted.get();
  }

  /** The tries that did not get through, each with its time. */
  List<String> refused() {
    return refused;
  }
}

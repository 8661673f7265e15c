package knockgate.gate.e2e;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Connects to port 80, which no door protects, over and over on one thread, and notes how long each
 * handshake takes, in the column that is begun at that time. A verdict that comes late makes it
 * long. The kernel measures it from packet to packet, so that it does not matter when this thread
 * gets a processor again.
 */
final class Probe {
  private static final long PAUSE_NS = 1_000_000;
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final long LATE_NS = 5_000_000;

  /** What is noted from one {@link #begin} to the next. */
  record Samples(Histogram tookNs, long sinceNs) {
    long ageNs() {
      return System.nanoTime() - sinceNs;
    }
  }

  private final Map<String, Histogram> columns = new TreeMap<>();
  private final Thread thread;
  private volatile Samples current = samples("before");
  private volatile boolean over;

  /** Starts at once. */
  Probe(Scene scene) {
    thread = new Thread(() -> run(scene), "probe");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Scene scene) {
    scene.wire().client().enter();
    String from = scene.friend(Family.IPV4).address();
    while (!over) {
      Samples begun = current;
      try (Connection connection = Connection.open(from, Family.IPV4.server, 80, LIMIT)) {
        begun.tookNs.recordValue(took(connection).toNanos());
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
  }

  private static Duration took(Connection connection) {
    boolean atOnce = connection.established() && connection.retransmissions() == 0;
    return atOnce ? connection.roundTrip() : connection.took();
  }

  /** From now on another column, which may be an earlier one. By one thread. */
  Samples begin(String column) {
    Samples next = samples(column);
    current = next;
    return next;
  }

  private Samples samples(String column) {
    Histogram tookNs =
        columns.computeIfAbsent(column, name -> new Histogram(LIMIT.toNanos() * 2, 3));
    return new Samples(tookNs, System.nanoTime());
  }

  /** Ends it. */
  void end() throws InterruptedException {
    over = true;
    thread.join();
  }

  /** The longest of all, once it has ended. */
  Duration worst() {
    return Duration.ofNanos(
        columns.values().stream().mapToLong(Histogram::getMaxValue).max().orElse(0));
  }

  @Override
  public String toString() {
    StringBuilder table = new StringBuilder();
    columns.forEach(
        (name, took) ->
            table.append(
                "  %-7s %6d connects: p50 %d us, p99 %d us, p99.9 %d us, longest %d us, %d above 5 ms%n"
                    .formatted(
                        name,
                        took.getTotalCount(),
                        took.getValueAtPercentile(50) / 1000,
                        took.getValueAtPercentile(99) / 1000,
                        took.getValueAtPercentile(99.9) / 1000,
                        took.getMaxValue() / 1000,
                        took.getCountBetweenValues(LATE_NS, took.getHighestTrackableValue()))));
    return table.toString();
  }
}

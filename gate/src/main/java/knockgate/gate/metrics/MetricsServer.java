package knockgate.gate.metrics;

import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import knockgate.gate.Instruments;
import knockgate.gate.fault.FaultLog;
import knockgate.rules.policy.Outlets;
import org.jspecify.annotations.Nullable;

/**
 * Serves the metrics over HTTP, on a TCP port or on a Unix socket. Its threads end when nobody asks
 * for a while.
 */
public final class MetricsServer implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int MOST_WAITING = 16;
  private static final long IDLE_SECONDS = 30;

  /** Seconds for a client to ask, and to take its answer: while two are slow, no other is heard. */
  private static final Map<String, String> PATIENCE =
      Map.of("sun.net.httpserver.maxReqTime", "2", "sun.net.httpserver.maxRspTime", "10");

  /** The library has a stack trace for each client that left too early, which is no fault. */
  private static final Logger SILENCED =
      Logger.getLogger("io.prometheus.metrics.exporter.httpserver.HttpExchangeAdapter");

  private final Closeable server;
  private final FaultLog faults;

  private MetricsServer(Closeable server, FaultLog faults) {
    this.server = server;
    this.faults = faults;
  }

  /**
   * Starts it.
   *
   * @param group whose members may read a Unix socket too; null = only root and the gate's user
   * @param observing whether the gate only observes, now
   * @throws IOException with a sentence, when nothing can listen there
   */
  public static MetricsServer start(
      Outlets.Metrics where,
      @Nullable String group,
      Instruments dials,
      BooleanSupplier observing,
      FaultLog faults)
      throws IOException {
    PrometheusRegistry registry = GateMetrics.of(dials, observing);
    if (!where.socket().isEmpty()) {
      return new MetricsServer(
          MetricsSocket.start(Path.of(where.socket()), group, registry, faults), faults);
    }
    PATIENCE.forEach(System::setProperty); // read once, when the first server is made
    SILENCED.setLevel(Level.OFF);
    try {
      return new MetricsServer(
          HTTPServer.builder()
              .hostname(where.host())
              .port(where.port())
              .executorService(pool())
              .registry(registry)
              .buildAndStart(),
          faults);
    } catch (IOException e) {
      throw new IOException(
          "cannot listen at " + where.host() + " port " + where.port() + ": " + e.getMessage(), e);
    }
  }

  private static ThreadPoolExecutor pool() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            MetricsServer::thread);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "metrics");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      faults.record("close metrics", e);
    }
  }
}

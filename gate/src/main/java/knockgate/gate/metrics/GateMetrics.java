package knockgate.gate.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import knockgate.gate.Counter;
import knockgate.gate.Instruments;
import knockgate.gate.LaneReading;

/**
 * The gate's dials as metrics. Nothing is kept here: each is read when somebody asks.
 *
 * <pre>
 *   knockgate_COUNTER_total          every {@link Counter}, over all lanes
 *   knockgate_verdict_seconds        histogram: from the read of a packet to its verdict's send
 *   knockgate_uptime_seconds         since the gate's start
 *   knockgate_observing              1 = it only observes
 *   knockgate_attempts_underway, knockgate_attempts_limit
 *   knockgate_grants_held, knockgate_grants_limit
 *   knockgate_events_waiting, knockgate_events_unfollowed_total
 *   knockgate_faults_total           exceptions that should not have been
 *   knockgate_queue_waiting{queue}   packets in the kernel without a verdict
 *   knockgate_queue_dropped_total{queue,place}   by the kernel; place = queue | socket
 *   knockgate_queue_overruns_total{queue}        ENOBUFS, each one or more packets
 *   knockgate_ring_used{queue}, knockgate_ring_size{queue}
 * </pre>
 *
 * The two with the kernel's own numbers are absent where the kernel shows those to root only.
 */
final class GateMetrics {
  private final Instruments dials;
  private final PrometheusRegistry registry = new PrometheusRegistry();

  private GateMetrics(Instruments dials) {
    this.dials = dials;
  }

  /**
   * Registers all of them.
   *
   * @param observing whether the gate only observes
   */
  static PrometheusRegistry of(Instruments dials, BooleanSupplier observing) {
    GateMetrics metrics = new GateMetrics(dials);
    metrics.counters();
    metrics.gauges(observing);
    metrics.queues();
    metrics.registry.register(new VerdictSeconds(dials));
    return metrics.registry;
  }

  private void counters() {
    for (Counter counter : Counter.values()) {
      String word = counter.name().toLowerCase(Locale.ROOT);
      counter("knockgate_" + word, counter.sentence(), it -> it.count(counter));
    }
    counter(
        "knockgate_events_unfollowed",
        "events that those who follow them were too slow to take",
        Instruments::eventsNotFollowed);
    counter(
        "knockgate_faults",
        "exceptions that should not have been; see the log",
        it -> it.faults().values().stream().mapToLong(Long::longValue).sum());
  }

  private void counter(String name, String help, ToLongFunction<Instruments> value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(to -> to.call((double) value.applyAsLong(dials)))
        .register(registry);
  }

  private void gauges(BooleanSupplier observing) {
    gauge("knockgate_uptime_seconds", "since the start", it -> it.uptimeMs() / 1000.0);
    gauge(
        "knockgate_observing",
        "1 = the gate only observes",
        it -> observing.getAsBoolean() ? 1 : 0);
    gauge(
        "knockgate_attempts_underway", "peers in the middle of a sequence", Instruments::attempts);
    gauge("knockgate_attempts_limit", "most of them", Instruments::attemptLimit);
    gauge("knockgate_grants_held", "grants that have not ended", Instruments::grants);
    gauge("knockgate_grants_limit", "most of them", Instruments::grantLimit);
    gauge("knockgate_events_waiting", "events to be written", Instruments::eventsWaiting);
  }

  private void gauge(String name, String help, ToDoubleFunction<Instruments> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(to -> to.call(value.applyAsDouble(dials)))
        .register(registry);
  }

  private void queues() {
    CounterWithCallback.builder()
        .name("knockgate_queue_dropped")
        .help("packets that the kernel dropped because the queue or its socket was full")
        .labelNames("queue", "place")
        .callback(
            to ->
                kernel(
                    (queue, kernel) -> {
                      to.call((double) kernel.queueDropped(), queue, "queue");
                      to.call((double) kernel.socketDropped(), queue, "socket");
                    }))
        .register(registry);
    CounterWithCallback.builder()
        .name("knockgate_queue_overruns")
        .help("how often the socket's buffer was full")
        .labelNames("queue")
        .callback(to -> lanes().forEach(lane -> to.call((double) lane.overruns(), label(lane))))
        .register(registry);
    GaugeWithCallback.builder()
        .name("knockgate_queue_waiting")
        .help("packets in the kernel without a verdict")
        .labelNames("queue")
        .callback(to -> kernel((queue, kernel) -> to.call((double) kernel.waiting(), queue)))
        .register(registry);
    laneGauge("knockgate_ring_used", "packets read but not decided", LaneReading::ringUsed);
    laneGauge("knockgate_ring_size", "most of them", LaneReading::ringSize);
  }

  private void laneGauge(String name, String help, ToDoubleFunction<LaneReading> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("queue")
        .callback(to -> lanes().forEach(lane -> to.call(value.applyAsDouble(lane), label(lane))))
        .register(registry);
  }

  private List<LaneReading> lanes() {
    return dials.lanes();
  }

  private static String label(LaneReading lane) {
    return Integer.toString(lane.queue());
  }

  @FunctionalInterface
  private interface OfKernel {
    void tell(String queue, LaneReading.Kernel kernel);
  }

  private void kernel(OfKernel to) {
    for (LaneReading lane : lanes()) {
      LaneReading.Kernel kernel = lane.kernel();
      if (kernel != null) {
        to.tell(label(lane), kernel);
      }
    }
  }
}

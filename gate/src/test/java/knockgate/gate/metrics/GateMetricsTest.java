package knockgate.gate.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import knockgate.gate.BareGate;
import knockgate.gate.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scraper reads. */
class GateMetricsTest {
  private static final Set<Counter> NOT_OF_LANES =
      Set.of(Counter.EVENTS_LOST, Counter.HOOKS, Counter.HOOKS_FAILED);
  private static final String PEER = "203.0.113.9";

  @TempDir private Path folder;
  private BareGate gate;

  @BeforeEach
  void open() {
    gate = BareGate.of(folder, "doors { imap { protects = [ tcp/993 ], knock = [ 1, 2 ] } }");
  }

  private Map<String, String> samples() {
    return MetricsPage.samples(MetricsPage.text(gate));
  }

  @Test
  void everyCounterIsThereWithItsSentence() {
    long value = 3;
    for (Counter counter : Counter.values()) {
      gate.count(counter, value++);
    }
    String page = MetricsPage.text(gate);
    value = 3;
    for (Counter counter : Counter.values()) {
      String name = "knockgate_" + counter.name().toLowerCase(Locale.ROOT) + "_total";
      long expected = NOT_OF_LANES.contains(counter) ? 0 : value;
      assertThat(page)
          .contains("# TYPE " + name + " counter\n")
          .contains("# HELP " + name + " " + counter.sentence() + "\n")
          .contains("\n" + name + " " + expected + ".0\n");
      value++;
    }
  }

  @Test
  void tablesAreToldWithTheirLimits() {
    gate.send(PEER, "tcp/1").send("203.0.113.8", "tcp/1", "tcp/2").after(90_500);

    assertThat(samples())
        .containsEntry("knockgate_attempts_underway", "1.0")
        .containsEntry("knockgate_attempts_limit", "65536.0")
        .containsEntry("knockgate_grants_held", "1.0")
        .containsEntry("knockgate_grants_limit", "16384.0")
        .containsEntry("knockgate_uptime_seconds", "90.5")
        .containsEntry("knockgate_observing", "0.0");
  }

  @Test
  void theKernelsOwnCountersAreToldPerQueueAndPlace() {
    assertThat(samples())
        .containsEntry("knockgate_queue_waiting{queue=\"7\"}", "8.0")
        .containsEntry("knockgate_queue_dropped_total{place=\"queue\",queue=\"7\"}", "9.0")
        .containsEntry("knockgate_queue_dropped_total{place=\"socket\",queue=\"7\"}", "10.0")
        .containsEntry("knockgate_queue_overruns_total{queue=\"7\"}", "1.0")
        .containsEntry("knockgate_ring_used{queue=\"7\"}", "6.0")
        .containsEntry("knockgate_ring_size{queue=\"7\"}", "64.0");
  }

  @Test
  void whatTheKernelDoesNotTellIsAbsentAndNotZero() {
    gate.hideKernel();

    assertThat(samples().keySet())
        .noneMatch(name -> name.startsWith("knockgate_queue_dropped"))
        .noneMatch(name -> name.startsWith("knockgate_queue_waiting"))
        .contains("knockgate_queue_overruns_total{queue=\"7\"}");
  }

  @Test
  void latenciesAreAHistogramOfSeconds() {
    gate.measure(7_000, 4).measure(3_000_000, 2).measure(900_000_000, 1);

    Map<String, String> samples = samples();
    assertThat(samples)
        .containsEntry("knockgate_verdict_seconds_bucket{le=\"5.0E-6\"}", "0")
        .containsEntry("knockgate_verdict_seconds_bucket{le=\"1.0E-5\"}", "4")
        .containsEntry("knockgate_verdict_seconds_bucket{le=\"0.002\"}", "4")
        .containsEntry("knockgate_verdict_seconds_bucket{le=\"0.005\"}", "6")
        .containsEntry("knockgate_verdict_seconds_bucket{le=\"0.1\"}", "6")
        .containsEntry("knockgate_verdict_seconds_bucket{le=\"+Inf\"}", "7")
        .containsEntry("knockgate_verdict_seconds_count", "7");
    assertThat(Double.parseDouble(samples.get("knockgate_verdict_seconds_sum")))
        .isBetween(0.906 * 0.99, 0.906 * 1.01);
  }

  @Test
  void faultsAreCountedOverAllKinds() {
    gate.faults().record("one", new IllegalStateException("planted"));
    gate.faults().record("two", new IllegalStateException("planted"));

    assertThat(samples()).containsEntry("knockgate_faults_total", "2.0");
  }
}

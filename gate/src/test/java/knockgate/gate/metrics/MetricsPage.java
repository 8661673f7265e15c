package knockgate.gate.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import knockgate.gate.BareGate;

/** What a scraper reads of a gate, past any socket. */
final class MetricsPage {
  private MetricsPage() {}

  static String text(BareGate gate) {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.builder()
          .build()
          .write(
              page,
              GateMetrics.of(gate.room().instruments(), () -> false).scrape(),
              EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return page.toString(StandardCharsets.UTF_8);
  }

  /** Name and labels to value. */
  static Map<String, String> samples(String page) {
    Map<String, String> samples = new TreeMap<>();
    page.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              samples.put(line.substring(0, space), line.substring(space + 1));
            });
    return samples;
  }
}

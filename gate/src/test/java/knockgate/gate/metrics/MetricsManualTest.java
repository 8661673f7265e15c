package knockgate.gate.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import knockgate.gate.BareGate;
import knockgate.gate.Counter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manual and the metrics that there are. */
class MetricsManualTest {
  private static final Path MANUAL =
      Path.of(System.getProperty("basedir", "."), "src/main/man/knockgate.8.adoc");

  @TempDir private Path folder;

  /** The counters' entries are written by the program; the others must stand there, and no more. */
  @Test
  void theManualHasEveryMetricAndNoOther() throws IOException {
    BareGate gate = BareGate.of(folder, "doors { d { protects = [ tcp/1 ], knock = [ 2, 3 ] } }");
    Set<String> existing = names("(?m)^# TYPE (knockgate_\\w+) ", MetricsPage.text(gate));
    String manual = Files.readString(MANUAL);
    String section = manual.substring(manual.indexOf("\n== Metrics\n"));
    Set<String> counters =
        Stream.of(Counter.values())
            .map(counter -> "knockgate_" + counter.name().toLowerCase(Locale.ROOT) + "_total")
            .collect(Collectors.toSet());

    assertThat(existing).containsAll(counters);
    existing.removeAll(counters);
    assertThat(names("\\*(knockgate_\\w+)\\*", section)).isEqualTo(existing);
  }

  private static Set<String> names(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

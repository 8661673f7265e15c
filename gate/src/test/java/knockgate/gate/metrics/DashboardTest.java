package knockgate.gate.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import knockgate.gate.BareGate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The dashboard for Grafana and the metrics that there are. */
class DashboardTest {
  private static final Path DASHBOARD =
      Path.of(System.getProperty("basedir", "."), "src/main/grafana/knockgate.json");
  private static final Pattern METRIC = Pattern.compile("\\bknockgate_\\w+");

  @TempDir private Path folder;

  /** The texts of all properties of a name; fails when the file is not JSON. */
  private static List<String> texts(String property) throws IOException {
    List<String> texts = new ArrayList<>();
    String file = Files.readString(DASHBOARD);
    try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), file)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING && property.equals(json.currentName())) {
          texts.add(json.getString());
        }
      }
    }
    return texts;
  }

  private static Set<String> metrics(List<String> expressions) {
    Set<String> names = new TreeSet<>();
    for (String expression : expressions) {
      Matcher matcher = METRIC.matcher(expression);
      while (matcher.find()) {
        names.add(matcher.group());
      }
    }
    return names;
  }

  @Test
  void namesOnlyMetricsThatExist() throws IOException {
    BareGate gate = BareGate.of(folder, "doors { d { protects = [ tcp/1 ], knock = [ 2, 3 ] } }");
    Set<String> existing = new TreeSet<>();
    MetricsPage.samples(MetricsPage.text(gate))
        .keySet()
        .forEach(sample -> existing.add(sample.replaceFirst("\\{.*", "")));

    Set<String> named = metrics(texts("expr"));
    named.addAll(metrics(texts("query")));
    assertThat(named).hasSizeGreaterThan(20).isSubsetOf(existing);
  }

  @Test
  void everyPictureAsksForSomethingOfTheChosenGate() throws IOException {
    assertThat(texts("expr"))
        .allSatisfy(
            expression ->
                assertThat(expression.split("instance=~\"\\$instance\"", -1).length - 1)
                    .as(expression)
                    .isEqualTo(METRIC.matcher(expression).results().count()));
  }
}

package knockgate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What {@link MessageFlood} found: a table for people, JSON with every figure of every round. */
final class MessageFloodReport {
  private final Map<String, List<Figures>> results = new LinkedHashMap<>();

  /** Takes in what a contestant did in one round. */
  void add(String name, Figures figures) {
    results.computeIfAbsent(name, first -> new ArrayList<>()).add(figures);
  }

  /** Medians over the rounds, also of the ratios within one round. */
  @Override
  public String toString() {
    TextTable table =
        new TextTable(
            List.of("", "sent/s", "idle p50", "p99", "flooded p50", "p99", "failed", "p50", "p99"));
    results.forEach(
        (name, rounds) ->
            table.add(
                List.of(
                    name,
                    whole(Figures.median(rounds, "sent/s")),
                    whole(Figures.median(rounds, "idle p50")),
                    whole(Figures.median(rounds, "idle p99")),
                    whole(Figures.median(rounds, "flooded p50")),
                    whole(Figures.median(rounds, "flooded p99")),
                    whole(rounds.stream().mapToDouble(f -> f.get("flooded failed")).sum()),
                    ratio(rounds, "p50"),
                    ratio(rounds, "p99"))));
    return "connects under a flood of forged messages, microseconds; ratios flooded / idle"
        + System.lineSeparator()
        + table;
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String ratio(List<Figures> rounds, String name) {
    List<Figures> ratios =
        rounds.stream()
            .map(
                round -> {
                  Figures ratio = new Figures();
                  ratio.put(name, round.get("flooded " + name) / round.get("idle " + name));
                  return ratio;
                })
            .toList();
    return String.format(Locale.ROOT, "x%.2f", Figures.median(ratios, name));
  }

  /** Writes every figure of every round: contestant, rounds, figures. */
  void writeJson(Path file) throws IOException {
    try (var out = Files.newOutputStream(file);
        JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      results.forEach((name, rounds) -> Figures.writeJson(json, name, rounds));
      json.writeEndObject();
    }
  }
}

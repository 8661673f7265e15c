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

/** What the end-to-end run found: tables for people, JSON with every figure of every round. */
final class EndToEndReport {
  /** Figures of the big table. */
  private static final List<String> COLUMNS =
      List.of(
          "packets/s",
          "dropped %",
          "cpu ns/packet",
          "generator ns/packet",
          "idle p50",
          "idle p99",
          "load p50",
          "load p99",
          "load failed",
          "load sent/s",
          "resident MB",
          "peak MB",
          "ready ms",
          "first verdict ms");

  /** Those of them whose ratios are worth quoting. */
  private static final List<String> RATIOS =
      List.of("packets/s", "cpu ns/packet", "idle p50", "idle p99", "load p50", "load p99");

  private final Map<Contestant, List<Figures>> results = new LinkedHashMap<>();

  /** Takes in what a contestant did in one round. */
  void add(Contestant contestant, Figures figures) {
    results.computeIfAbsent(contestant, first -> new ArrayList<>()).add(figures);
  }

  /** The tables. */
  @Override
  public String toString() {
    return "medians; connect times in microseconds\n"
        + medians()
        + "\nratios, medians over the rounds\n"
        + ratios()
        + "\nknocks and connects at the first try, under forged first knocks per second\n"
        + knocks();
  }

  private String medians() {
    TextTable table = new TextTable(Commands.join(List.of(""), COLUMNS));
    results.forEach(
        (contestant, rounds) ->
            table.add(
                Commands.join(
                    List.of(contestant.name()),
                    COLUMNS.stream().map(c -> shown(Figures.median(rounds, c))).toList())));
    return table.toString();
  }

  /** Every gate in units of everybody who is none, and one arrangement in units of the other. */
  private String ratios() {
    TextTable table = new TextTable(Commands.join(List.of(""), RATIOS));
    results.forEach(
        (gate, ours) ->
            results.forEach(
                (other, theirs) -> {
                  if (gate.comparesWith(other)) {
                    table.add(
                        Commands.join(
                            List.of(gate.name() + " / " + other.name()),
                            RATIOS.stream()
                                .map(c -> ratio(Figures.medianRatio(ours, theirs, c)))
                                .toList()));
                  }
                }));
    return table.toString();
  }

  private String knocks() {
    TextTable table =
        new TextTable(List.of("", "forged/s", "sent/s", "tries", "failed", "p50 us", "p99 us"));
    results.forEach(
        (gate, rounds) -> {
          if (!gate.kind().isGate()) {
            return;
          }
          for (Trial.Forgers forgers : Trial.Forgers.values()) {
            String prefix = "knock " + forgers + " ";
            table.add(
                List.of(
                    gate.name(),
                    forgers.toString(),
                    shown(Figures.median(rounds, prefix + "sent/s")),
                    shown(rounds.stream().mapToDouble(f -> f.get(prefix + "count")).sum()),
                    shown(rounds.stream().mapToDouble(f -> f.get(prefix + "failed")).sum()),
                    shown(Figures.median(rounds, prefix + "p50")),
                    shown(Figures.median(rounds, prefix + "p99"))));
          }
        });
    return table.toString();
  }

  private static String shown(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String ratio(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "x%.2f", value);
  }

  /** Writes every figure of every round: contestant, rounds, figures. */
  void writeJson(Path file) throws IOException {
    try (var out = Files.newOutputStream(file);
        JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      results.forEach((contestant, rounds) -> Figures.writeJson(json, contestant.name(), rounds));
      json.writeEndObject();
    }
  }
}

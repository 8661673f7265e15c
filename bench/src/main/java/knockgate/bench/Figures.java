package knockgate.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** What one contestant did in one round: names of figures and their values. */
final class Figures {
  private final Map<String, Double> values = new LinkedHashMap<>();

  void put(String name, double value) {
    values.put(name, value);
  }

  /** The value, or NaN when this contestant has none. */
  double get(String name) {
    return values.getOrDefault(name, Double.NaN);
  }

  /** Takes over what a program printed as {@code name=number ...}, each name behind the prefix. */
  void putAll(String prefix, String printed) {
    for (String word : printed.strip().split("\\s+", -1)) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        put(prefix + word.substring(0, equals), Double.parseDouble(word.substring(equals + 1)));
      }
    }
  }

  /** Writes every figure of every round of one contestant. */
  static void writeJson(JsonGenerator json, String contestant, List<Figures> rounds) {
    json.writeArrayPropertyStart(contestant);
    for (Figures round : rounds) {
      json.writeStartObject();
      round.values.forEach(json::writeNumberProperty);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** The middle of a figure over all rounds that have it, or NaN. */
  static double median(List<Figures> rounds, String name) {
    return median(rounds.stream().mapToDouble(round -> round.get(name)).toArray());
  }

  /** The middle of what this figure was, round by round, in units of another contestant's. */
  static double medianRatio(List<Figures> rounds, List<Figures> others, String name) {
    double[] ratios = new double[rounds.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = rounds.get(i).get(name) / others.get(i).get(name);
    }
    return median(ratios);
  }

  /** The middle of those that are numbers, or NaN. */
  static double median(double[] values) {
    double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    int middle = sorted.length / 2;
    return switch (sorted.length) {
      case 0 -> Double.NaN;
      default ->
          sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    };
  }
}

package knockgate.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Two versions of this module, each benchmark of both in turn, round by round: on a machine that
 * has faster and slower minutes, only what was measured next to each other can be compared.
 */
final class Beside {
  private final Path here;
  private final Path other;
  private final List<Figures> ofHere = new ArrayList<>();
  private final List<Figures> ofOther = new ArrayList<>();

  /** Benchmarks with their parameters, as the table names them. */
  private final Set<String> names = new LinkedHashSet<>();

  private Beside(Path here, Path other) {
    this.here = here;
    this.other = other;
  }

  /**
   * Runs them.
   *
   * @param here a jar of benchmarks
   * @param other another version's
   * @param benchmarks which ones, a regular expression as JMH takes it
   * @param params {@code NAME=VALUE,...}, as JMH's {@code -p} takes it
   * @param rounds how often both take their turn; who is first changes
   * @throws IOException when one of them fails, or has no such benchmark
   */
  static Beside run(
      Path here, Path other, String benchmarks, List<String> params, int rounds, Length length)
      throws IOException {
    for (Path jar : List.of(here, other)) {
      if (!Files.isReadable(jar)) {
        throw new IOException(
            "there is no " + jar + ": run mvn -DskipTests package in a checkout of that version");
      }
    }
    Set<String> names = names(here, benchmarks);
    Set<String> ofOther = names(other, benchmarks);
    names.stream()
        .filter(name -> !ofOther.contains(name))
        .forEach(name -> System.err.println("only here, and left out: " + name));
    names.retainAll(ofOther);
    if (names.isEmpty()) {
      throw new IOException("no benchmark of both jars fits " + benchmarks);
    }
    Beside both = new Beside(here, other);
    for (int round = 0; round < rounds; round++) {
      System.err.printf("round %d of %d%n", round + 1, rounds);
      both.ofHere.add(new Figures());
      both.ofOther.add(new Figures());
      for (String name : names) {
        List<String> what = Commands.join(List.of("^" + name + "$"), options(params, length));
        boolean isHereFirst = round % 2 == 0;
        both.turn(isHereFirst, what);
        both.turn(!isHereFirst, what);
      }
    }
    return both;
  }

  private static Set<String> names(Path jar, String benchmarks) throws IOException {
    return jmh(jar, List.of("-l", benchmarks))
        .lines()
        .filter(line -> line.startsWith("knockgate."))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String jmh(Path jar, List<String> arguments) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> main = List.of(java, "-cp", jar.toString(), "org.openjdk.jmh.Main");
    return Commands.run(Commands.join(main, arguments));
  }

  private static List<String> options(List<String> params, Length length) {
    List<String> options = new ArrayList<>(List.of("-f", "1", "-foe", "true", "-v", "SILENT"));
    params.forEach(param -> options.addAll(List.of("-p", param)));
    if (length == Length.SMOKE) {
      options.addAll(List.of("-wi", "0", "-i", "1", "-r", "10ms"));
    }
    return options;
  }

  private void turn(boolean isHere, List<String> what) throws IOException {
    Path json = Files.createTempFile("bench", ".json");
    try {
      jmh(
          isHere ? here : other,
          Commands.join(what, List.of("-rf", "json", "-rff", json.toString())));
      List<Figures> rounds = isHere ? ofHere : ofOther;
      read(Files.readString(json), rounds.get(rounds.size() - 1));
    } finally {
      Files.delete(json);
    }
  }

  /** Takes the median of each benchmark's iterations from JMH's JSON, which is a list. */
  private void read(String results, Figures round) {
    for (Config result : ConfigFactory.parseString("all = " + results).getConfigList("all")) {
      SortedMap<String, String> params = new TreeMap<>();
      if (result.hasPath("params")) {
        Config given = result.getConfig("params");
        given.root().keySet().forEach(key -> params.put(key, given.getString(key)));
      }
      String name = Microbenchmarks.name(result.getString("benchmark"), params);
      names.add(name);
      round.put(name, Figures.median(nanoseconds(result)));
    }
  }

  private static double[] nanoseconds(Config result) {
    return result.getList("primaryMetric.rawData").unwrapped().stream()
        .flatMap(fork -> ((List<?>) fork).stream())
        .mapToDouble(each -> ((Number) each).doubleValue())
        .toArray();
  }

  /** The table: medians of all rounds; median, least and greatest of the ratios within a round. */
  @Override
  public String toString() {
    TextTable table =
        new TextTable(List.of("benchmark", "here", "other", "here / other", "least", "most"));
    for (String name : names) {
      table.add(
          List.of(
              name,
              shown("%.1f", Figures.median(ofHere, name)),
              shown("%.1f", Figures.median(ofOther, name)),
              shown("x%.2f", Figures.medianRatio(ofHere, ofOther, name)),
              shown("x%.2f", ratios(name).min().orElse(Double.NaN)),
              shown("x%.2f", ratios(name).max().orElse(Double.NaN))));
    }
    return "here "
        + here
        + ", other "
        + other
        + ", "
        + ofHere.size()
        + " rounds in turn, ns:\n"
        + table;
  }

  private DoubleStream ratios(String name) {
    return IntStream.range(0, ofHere.size())
        .mapToDouble(round -> ofHere.get(round).get(name) / ofOther.get(round).get(name));
  }

  private static String shown(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }
}

package knockgate.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** All JMH benchmarks of this module, run one after the other, each in a JVM of its own. */
final class Microbenchmarks {
  /** Tables that several threads may use at once. */
  private static final String[] SHAREABLE = {
    "SLOT_TABLE", "CONCURRENT_HASH_MAP", "JCTOOLS_NON_BLOCKING"
  };

  /** What takes the compiler the better part of a second. */
  private static final Set<String> LONG_PATHS =
      Set.of(DecideBenchmark.class.getName(), MessageBenchmark.class.getName());

  private static final String ALLOCATION = "gc.alloc.rate.norm";

  private final Collection<RunResult> results = new ArrayList<>();

  private Microbenchmarks() {}

  /**
   * Those of them that somebody asks for.
   *
   * @param benchmarks a regular expression that is found in their names, as JMH takes it
   * @param params {@code NAME=VALUE,...}, as JMH's {@code -p} takes it
   * @param forks JVMs for each, 0 = as many as each says
   */
  record Choice(String benchmarks, List<String> params, int forks) {
    static final String ALL = ".*";

    private ChainedOptionsBuilder applyTo(ChainedOptionsBuilder options) {
      for (String param : params) {
        int equals = param.indexOf('=');
        options.param(param.substring(0, equals), param.substring(equals + 1).split(",", -1));
      }
      return forks == 0 ? options : options.forks(forks);
    }
  }

  /** Runs what is chosen, with one thread. */
  static Microbenchmarks run(Length length, Choice choice) throws RunnerException {
    Microbenchmarks chosen = new Microbenchmarks();
    Map<String, List<String>> byClass =
        all(choice.benchmarks)
            .collect(
                Collectors.groupingBy(
                    BenchmarkListEntry::getUserClassQName,
                    TreeMap::new,
                    Collectors.mapping(BenchmarkListEntry::getUsername, Collectors.toList())));
    if (byClass.isEmpty()) {
      throw new RunnerException("no benchmark fits " + choice.benchmarks);
    }
    for (Map.Entry<String, List<String>> each : byClass.entrySet()) {
      System.err.println("JMH: " + each.getKey());
      ChainedOptionsBuilder options = choice.applyTo(options(length, each.getKey()));
      each.getValue().forEach(name -> options.include("^" + name + "$"));
      chosen.results.addAll(new Runner(options.threads(1).build()).run());
    }
    return chosen;
  }

  /** Runs them all, as many and as long as asked for. */
  static Microbenchmarks run(Length length) throws RunnerException {
    Microbenchmarks all = new Microbenchmarks();
    for (String name : names(length)) {
      System.err.println("JMH: " + name);
      all.results.addAll(
          new Runner(options(length, name).include(name + "\\.").threads(1).build()).run());
    }
    System.err.println("JMH: tables, two threads");
    String lookUps = length == Length.SHORT ? "\\.hit$" : "\\.";
    all.results.addAll(
        new Runner(
                options(length, TableBenchmark.class.getName())
                    .include(TableBenchmark.class.getName() + lookUps)
                    .include(EvictionBenchmark.class.getName() + "\\.")
                    .param("table", SHAREABLE)
                    .threads(2)
                    .build())
            .run());
    return all;
  }

  /** The classes that have benchmarks; one share of a table filled would tell nothing. */
  private static SortedSet<String> names(Length length) {
    return all(Choice.ALL)
        .map(BenchmarkListEntry::getUserClassQName)
        .filter(name -> length != Length.SHORT || !name.equals(FillBenchmark.class.getName()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<BenchmarkListEntry> all(String benchmarks) {
    OutputFormat silent = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
    Predicate<String> fits = Pattern.compile(benchmarks).asPredicate();
    return BenchmarkList.defaultList().getAll(silent, List.of()).stream()
        .filter(each -> fits.test(each.getUsername()));
  }

  private static ChainedOptionsBuilder options(Length length, String benchmark) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .addProfiler(MemoryProfiler.class)
            .addProfiler(GCProfiler.class)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true);
    if (length != Length.FULL) {
      options
          .param("doors", "1", "200")
          .param("entries", "65536")
          .param("percent", "1")
          .param("stanzas", "10");
    }
    return switch (length) {
      case FULL -> options;
      case SHORT ->
          options
              .forks(1)
              .exclude("\\.hitAlone$")
              .warmupIterations(2)
              .warmupTime(TimeValue.milliseconds(LONG_PATHS.contains(benchmark) ? 400 : 100))
              .measurementIterations(3)
              .measurementTime(TimeValue.milliseconds(50));
      case SMOKE ->
          options
              .forks(0)
              .warmupIterations(0)
              .measurementIterations(1)
              .measurementTime(TimeValue.milliseconds(10));
    };
  }

  /** Writes JMH's own JSON. */
  void writeJson(Path file) {
    ResultFormatFactory.getInstance(ResultFormatType.JSON, file.toString()).writeOut(results);
  }

  /** The table. */
  @Override
  public String toString() {
    TextTable table =
        new TextTable(
            List.of(
                "benchmark",
                "threads",
                "median ns",
                "least",
                "most",
                "memory ns",
                "while quick",
                "of",
                "allocated bytes"));
    results.forEach(result -> table.add(row(result)));
    return table.toString();
  }

  private static List<String> row(RunResult result) {
    BenchmarkParams params = result.getParams();
    Statistics time = result.getPrimaryResult().getStatistics();
    double[] memory = iterations(result).mapToDouble(Microbenchmarks::memory).toArray();
    double[] quick = whileQuick(result);
    return List.of(
        name(params),
        String.valueOf(params.getThreads()),
        shown(time.getPercentile(50)),
        shown(time.getMin()),
        shown(time.getMax()),
        shown(Figures.median(memory)),
        shown(Figures.median(quick)),
        quick.length + "/" + memory.length,
        shown(allocated(result)));
  }

  private static Stream<IterationResult> iterations(RunResult result) {
    return result.getBenchmarkResults().stream()
        .flatMap(fork -> fork.getIterationResults().stream());
  }

  /** Nanoseconds per step of {@link MemoryProfiler}'s chain, about one iteration. */
  private static double memory(IterationResult iteration) {
    return score(iteration.getSecondaryResults().get(MemoryProfiler.NAME));
  }

  /** The times of those iterations before and behind which memory was quick. */
  private static double[] whileQuick(RunResult result) {
    return iterations(result)
        .filter(each -> memory(each) <= MemoryProfiler.QUICK_NS)
        .mapToDouble(each -> each.getPrimaryResult().getScore())
        .toArray();
  }

  private static String name(BenchmarkParams params) {
    if (params.getMode() != Mode.AverageTime) {
      throw new IllegalStateException(params.getBenchmark() + " does not tell a time");
    }
    return name(
        params.getBenchmark(),
        params.getParamsKeys().stream()
            .collect(Collectors.toMap(key -> key, params::getParam, (a, b) -> a, TreeMap::new)));
  }

  /** A benchmark as the reports show it. */
  static String name(String benchmark, SortedMap<String, String> params) {
    String[] parts = benchmark.split("\\.", -1);
    return parts[parts.length - 2].replace("Benchmark", "")
        + "."
        + parts[parts.length - 1]
        + " "
        + params;
  }

  /** Bytes per operation; what the JVM does by itself meanwhile shows as some hundredths. */
  private static double allocated(RunResult result) {
    return score(result.getSecondaryResults().get(ALLOCATION));
  }

  private static double score(@Nullable Result<?> result) {
    return result == null ? Double.NaN : result.getScore();
  }

  private static String shown(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.1f", value);
  }
}

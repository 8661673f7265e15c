package knockgate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import knockgate.bench.Microbenchmarks.Choice;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Limits;
import knockgate.rules.table.SlotTable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs everything that measures, and writes a report and the raw figures; {@code gate/bin/bench}
 * starts it.
 */
final class Bench {
  private static final String USAGE =
      """
      usage: gate/bin/bench [--short | --smoke] [--only jmh|end-to-end] [--out FOLDER] [--gate LAUNCHER]
             gate/bin/bench --benchmarks REGEX [--param NAME=VALUE,...]... [--forks N] [--out FOLDER]
             gate/bin/bench --beside JAR [--benchmarks REGEX] [--param NAME=VALUE,...]... [--rounds N]
        --short           under two minutes: fewer sizes, one round; for a look, not for a figure
        --smoke           a quarter of a minute: does everything still run? Its figures mean nothing
        --only PART       one part only; end-to-end needs root, gcc and libnetfilter-queue-dev
        --out FOLDER      where report.txt, jmh.json, end-to-end.json and messages.json go
        --gate LAUNCHER   another knockgate to measure, gate/bin/knockgate otherwise
        --benchmarks REGEX   these JMH benchmarks only, with one thread, such as Decide
        --param NAME=VALUE,...   with these values only, such as doors=200
        --forks N         JVMs for each benchmark; otherwise as many as each says
        --beside JAR      another version's bench/target/benchmarks.jar: JMH of both, in turn;
                          without --benchmarks all of them, which takes hours
        --rounds N        turns of each; 5 otherwise
      """;

  private static final Set<String> WITH_VALUE =
      Set.of(
          "--only",
          "--out",
          "--gate",
          "--beside",
          "--benchmarks",
          "--param",
          "--forks",
          "--rounds");

  /** What does not go together. */
  private static final Map<String, Set<String>> EXCLUDED =
      Map.of(
          "--beside", Set.of("--short", "--only", "--gate", "--forks"),
          "--benchmarks", Set.of("--only", "--gate"),
          "--short", Set.of("--smoke"));

  /** What says nothing without the other. */
  private static final Map<String, Set<String>> NEEDED =
      Map.of(
          "--param", Set.of("--benchmarks", "--beside"),
          "--forks", Set.of("--benchmarks"),
          "--rounds", Set.of("--beside"));

  private Length length = Length.FULL;
  private boolean jmh = true;
  private boolean endToEnd = true;
  private Path out = Path.of("bench/target/bench");
  private Path gate = Path.of("gate/bin/knockgate");
  private @Nullable Path beside;
  private @Nullable String benchmarks;
  private int forks;
  private final List<String> params = new ArrayList<>();
  private int rounds = Length.FULL.rounds;

  private Bench() {}

  /** Exit codes: 0 measured, 1 something failed, 2 usage. */
  public static void main(String[] arguments) throws InterruptedException {
    if (List.of(arguments).contains("--help")) {
      System.out.print(USAGE);
      return;
    }
    Bench bench = new Bench();
    if (!bench.read(arguments)) {
      System.err.print(USAGE);
      System.exit(2);
    }
    try {
      bench.run();
    } catch (IOException | RunnerException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(1);
    }
  }

  private boolean read(String[] arguments) {
    Set<String> given = new HashSet<>();
    for (int i = 0; i < arguments.length; i++) {
      String value = i + 1 < arguments.length ? arguments[i + 1] : "";
      if (WITH_VALUE.contains(arguments[i]) && value.isEmpty()) {
        return false;
      }
      given.add(arguments[i]);
      switch (arguments[i]) {
        case "--short" -> length = Length.SHORT;
        case "--smoke" -> length = Length.SMOKE;
        case "--only" -> {
          jmh = value.equals("jmh");
          endToEnd = value.equals("end-to-end");
          i++;
        }
        case "--out" -> {
          out = named(value);
          i++;
        }
        case "--gate" -> {
          gate = named(value);
          i++;
        }
        case "--beside" -> {
          beside = named(value);
          i++;
        }
        case "--benchmarks" -> {
          benchmarks = value;
          i++;
        }
        case "--param" -> {
          if (!value.matches("[^=]+=.+")) {
            return false;
          }
          params.add(value);
          i++;
        }
        case "--forks", "--rounds" -> {
          if (!value.matches("[1-9][0-9]{0,3}")) {
            return false;
          }
          if (arguments[i].equals("--forks")) {
            forks = Integer.parseInt(value);
          } else {
            rounds = Integer.parseInt(value);
          }
          i++;
        }
        default -> {
          return false;
        }
      }
    }
    return (jmh || endToEnd) && given.stream().allMatch(option -> fits(option, given));
  }

  private static boolean fits(String option, Set<String> given) {
    Set<String> excluded = EXCLUDED.getOrDefault(option, Set.of());
    Set<String> needed = NEEDED.getOrDefault(option, given);
    String wrong = null;
    if (!Collections.disjoint(excluded, given)) {
      wrong = " does not go with " + String.join(", ", new TreeSet<>(excluded));
    } else if (Collections.disjoint(needed, given)) {
      wrong = " needs " + String.join(" or ", new TreeSet<>(needed));
    }
    if (wrong != null) {
      System.err.println("bench: " + option + wrong);
    }
    return wrong == null;
  }

  /** A relative name counts from where the script was called; it goes to the checkout's top. */
  private static Path named(String file) {
    return Path.of(System.getProperty("bench.from", "")).resolve(file);
  }

  private void run() throws IOException, RunnerException, InterruptedException {
    Files.createDirectories(out);
    List<String> report = new ArrayList<>();
    add(report, Machine.facts() + "length:     " + length.words + System.lineSeparator());
    Path other = beside;
    if (other != null) {
      Path here = Path.of(System.getProperty("java.class.path"));
      String which = benchmarks == null ? Choice.ALL : benchmarks;
      add(report, Beside.run(here, other, which, params, rounds, length).toString());
      Files.write(out.resolve("beside.txt"), report);
      System.err.println("written: " + out.resolve("beside.txt"));
      return;
    }
    if (benchmarks != null) {
      jmh(report, Microbenchmarks.run(length, new Choice(benchmarks, params, forks)));
    } else {
      everything(report);
    }
    Files.write(out.resolve("report.txt"), report);
    System.err.println("written: " + out.resolve("report.txt"));
  }

  private void everything(List<String> report)
      throws IOException, RunnerException, InterruptedException {
    add(report, memory());
    EndToEnd run = new EndToEnd(gate.toAbsolutePath(), out);
    if (endToEnd) {
      run.tryOut();
    }
    if (jmh) {
      jmh(report, Microbenchmarks.run(length));
    }
    if (endToEnd) {
      EndToEndReport figures = run.run(length);
      figures.writeJson(out.resolve("end-to-end.json"));
      add(report, "end to end: " + figures);
      MessageFloodReport messages = new MessageFlood(gate.toAbsolutePath(), out).run(length);
      messages.writeJson(out.resolve("messages.json"));
      add(report, messages.toString());
    }
  }

  private void jmh(List<String> report, Microbenchmarks micro) {
    micro.writeJson(out.resolve("jmh.json"));
    add(
        report,
        """
        JMH, nanoseconds per operation and thread, over all iterations of all forks. Memory: per step of a
        chain of references through 4 MB, beside each iteration; while quick: the median of those where
        that was %.0f ns at most, so that nobody else had the third cache.
        """
                .formatted(MemoryProfiler.QUICK_NS)
            + micro);
  }

  private static void add(List<String> report, String part) {
    System.out.println(part);
    report.add(part);
  }

  /** What the tables take: one attempt or grant more in the policy's limits costs this. */
  private static String memory() {
    int many = 1 << 20;
    return "memory: %.1f bytes per attempt or grant that the limits allow; %.1f MB for the defaults%n"
        .formatted(
            (double) SlotTable.bytes(many) / many,
            KnockState.bytes(new Limits(1 << 16, 1 << 14, 50, 32, 64)) / 1e6);
  }
}

package knockgate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
             gate/bin/bench --beside JAR [--benchmarks REGEX] [--param NAME=VALUE,...]... [--rounds N]
        --short           under two minutes: fewer sizes, one round; for a look, not for a figure
        --smoke           a quarter of a minute: does everything still run? Its figures mean nothing
        --only PART       one part only; end-to-end needs root, gcc and libnetfilter-queue-dev
        --out FOLDER      where report.txt, jmh.json, end-to-end.json and messages.json go
        --gate LAUNCHER   another knockgate to measure, gate/bin/knockgate otherwise
        --beside JAR      another version's bench/target/benchmarks.jar: JMH of both, in turn
        --benchmarks REGEX   which of them; all otherwise, which takes hours
        --param NAME=VALUE,...   with these values only, such as doors=200
        --rounds N        turns of each; 5 otherwise
      """;

  private static final Set<String> WITH_VALUE =
      Set.of("--only", "--out", "--gate", "--beside", "--benchmarks", "--param", "--rounds");

  private Length length = Length.FULL;
  private boolean jmh = true;
  private boolean endToEnd = true;
  private Path out = Path.of("bench/target/bench");
  private Path gate = Path.of("gate/bin/knockgate");
  private @Nullable Path beside;
  private String benchmarks = ".*";
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
    for (int i = 0; i < arguments.length; i++) {
      String value = i + 1 < arguments.length ? arguments[i + 1] : "";
      if (WITH_VALUE.contains(arguments[i]) && value.isEmpty()) {
        return false;
      }
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
          params.add(value);
          i++;
        }
        case "--rounds" -> {
          if (!value.matches("[1-9][0-9]{0,3}")) {
            return false;
          }
          rounds = Integer.parseInt(value);
          i++;
        }
        default -> {
          return false;
        }
      }
    }
    return jmh || endToEnd;
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
      add(report, Beside.run(here, other, benchmarks, params, rounds, length).toString());
      Files.write(out.resolve("beside.txt"), report);
      System.err.println("written: " + out.resolve("beside.txt"));
      return;
    }
    add(report, memory());
    EndToEnd run = new EndToEnd(gate.toAbsolutePath(), out);
    if (endToEnd) {
      run.tryOut();
    }
    if (jmh) {
      Microbenchmarks micro = Microbenchmarks.run(length);
      micro.writeJson(out.resolve("jmh.json"));
      add(report, "JMH, nanoseconds per operation" + System.lineSeparator() + micro);
    }
    if (endToEnd) {
      EndToEndReport figures = run.run(length);
      figures.writeJson(out.resolve("end-to-end.json"));
      add(report, "end to end: " + figures);
      MessageFloodReport messages = new MessageFlood(gate.toAbsolutePath(), out).run(length);
      messages.writeJson(out.resolve("messages.json"));
      add(report, messages.toString());
    }
    Files.write(out.resolve("report.txt"), report);
    System.err.println("written: " + out.resolve("report.txt"));
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

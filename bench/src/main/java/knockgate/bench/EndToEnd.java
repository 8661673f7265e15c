package knockgate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import knockgate.bench.Contestant.Kind;
import knockgate.bench.Contestant.Rules;

/**
 * The gate on a real queue beside the kernel alone and two plain loops in C: rounds in which all of
 * them take turns, so that what else happens on the machine happens to all.
 */
final class EndToEnd {
  /** Keys of the queue, and door 0 of {@link Doors}; ordinary packets are accepted, unmatched. */
  private static final String POLICY =
      """
      queue { number = 0, %s }
      doors {
        bench {
          protects = [ "tcp/%d" ]
          knock = [ %d, %d, %d ]
          connections = 1
        }
      }
      """;

  private final Path gate;
  private final Path folder;

  /**
   * A run.
   *
   * @param gate the launcher
   * @param folder where logs, policies and compiled programs go
   */
  EndToEnd(Path gate, Path folder) {
    this.gate = gate;
    this.folder = folder;
  }

  /**
   * Finds out whether it can run here, before half an hour is spent on something else.
   *
   * @throws IOException when it cannot, with the cure
   */
  void tryOut() throws IOException {
    if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      throw new IOException("the end-to-end run needs root; gate/bin/bench --only jmh does not");
    }
    if (!Files.isExecutable(gate)) {
      throw new IOException("there is no program " + gate + " to measure");
    }
    NativeTools tools = NativeTools.compile(folder.resolve("c"));
    new TestNetwork(tools, folder.resolve("end-to-end.log")).close();
  }

  /**
   * Runs it.
   *
   * @throws IOException when a contestant or a tool fails, with what it said
   */
  EndToEndReport run(Length length) throws IOException, InterruptedException {
    NativeTools tools = NativeTools.compile(folder.resolve("c"));
    List<Contestant> contestants = contestants(tools);
    EndToEndReport report = new EndToEndReport();
    Path log = folder.resolve("end-to-end.log");
    Files.deleteIfExists(log);
    try (TestNetwork network = new TestNetwork(tools, log)) {
      Trial trial = new Trial(network, tools, length, log);
      for (int round = 1; round <= length.rounds; round++) {
        for (Contestant contestant : inTurn(contestants, round)) {
          System.err.println("round " + round + " of " + length.rounds + ": " + contestant.name());
          report.add(contestant, trial.run(contestant));
        }
      }
    }
    return report;
  }

  /** Who is first changes from round to round. */
  private static List<Contestant> inTurn(List<Contestant> contestants, int round) {
    List<Contestant> turn = new ArrayList<>(contestants);
    Collections.rotate(turn, round - 1);
    return turn;
  }

  private List<Contestant> contestants(NativeTools tools) throws IOException {
    String loop = tools.loop().toString();
    Path joined = policy("joined", "threads = 1");
    Path split = policy("split", "threads = 2");
    Path filtered = policy("kernel-set", "filter = kernel-set");
    return List.of(
        new Contestant("C, one by one", List.of(loop, "each"), Rules.EVERY_SYN, Kind.LOOP),
        new Contestant("C, batches", List.of(loop, "batch"), Rules.EVERY_SYN, Kind.LOOP),
        new Contestant("gate, joined", run(joined), Rules.EVERY_SYN, Kind.GATE),
        new Contestant("gate, split", run(split), Rules.EVERY_SYN, Kind.GATE),
        new Contestant("no queue", List.of(), Rules.NONE, Kind.KERNEL),
        new Contestant("gate, kernel-set", run(filtered), gateRules(filtered), Kind.FILTERED_GATE),
        new Contestant(
            "its rules, no queue", List.of(), rulesWithoutQueue(filtered), Kind.FILTERED_KERNEL),
        new Contestant("nor sets", List.of(), rulesWithoutSets(filtered), Kind.FILTERED_KERNEL));
  }

  private Path policy(String name, String queueKeys) throws IOException {
    int knock = Doors.FIRST_KNOCK;
    return Files.writeString(
            folder.resolve(name + ".conf"),
            POLICY.formatted(queueKeys, Doors.PROTECTED_PORT, knock, knock + 1, knock + 2))
        .toAbsolutePath();
  }

  private List<String> run(Path policy) {
    return List.of(gate.toString(), "run", "-c", policy.toString());
  }

  /**
   * The rules that the gate itself gives a policy. For their first seconds they take everyone for
   * someone who knocks, as the gate may have been restarted; that is cut short.
   */
  private Rules gateRules(Path policy) {
    return new Rules(
        List.of(
            List.of(gate.toString(), "rules", "-4", "-c", policy.toString(), "--apply"),
            Rules.words("ipset flush knockgate4-all")),
        List.of(List.of(gate.toString(), "rules", "-4", "--remove")));
  }

  /** The same without NFQUEUE. */
  private Rules rulesWithoutQueue(Path policy) {
    return less(gateRules(policy), "-F KNOCKGATE-QUEUE");
  }

  /** The same, and without the look-ups of who is knocking. */
  private Rules rulesWithoutSets(Path policy) {
    String ask = "-D KNOCKGATE -m set --match-set %s src -j KNOCKGATE-STRAYS";
    return less(
        rulesWithoutQueue(policy), ask.formatted("knockgate4"), ask.formatted("knockgate4-all"));
  }

  private static Rules less(Rules rules, String... changes) {
    Stream<List<String>> less =
        Stream.of(changes).map(change -> Rules.words("iptables -t mangle " + change));
    return new Rules(Stream.concat(rules.place().stream(), less).toList(), rules.remove());
  }
}

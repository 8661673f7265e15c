package knockgate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The gate on a real queue beside the kernel alone and two plain loops in C: rounds in which all of
 * them take turns, so that what else happens on the machine happens to all.
 */
final class EndToEnd {
  /** Queue threads and the doors of {@link Doors}; ordinary packets are accepted, unmatched. */
  private static final String POLICY =
      """
      queue { number = 0, threads = %d }
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
        for (Contestant contestant : contestants) {
          System.err.println("round " + round + " of " + length.rounds + ": " + contestant.name());
          report.add(contestant, trial.run(contestant));
        }
      }
    }
    return report;
  }

  private List<Contestant> contestants(NativeTools tools) throws IOException {
    return List.of(
        new Contestant("C, one by one", List.of(tools.loop().toString(), "each"), false),
        new Contestant("C, batches", List.of(tools.loop().toString(), "batch"), false),
        gate("gate, joined", 1),
        gate("gate, split", 2),
        new Contestant("no queue", List.of(), false));
  }

  private Contestant gate(String name, int threads) throws IOException {
    int knock = Doors.FIRST_KNOCK;
    Path policy =
        Files.writeString(
            folder.resolve("threads-" + threads + ".conf"),
            POLICY.formatted(threads, Doors.PROTECTED_PORT, knock, knock + 1, knock + 2));
    return new Contestant(
        name, List.of(gate.toString(), "run", "-c", policy.toAbsolutePath().toString()), true);
  }
}

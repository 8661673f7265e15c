package knockgate.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import knockgate.bench.TestNetwork.QueueLine;

/**
 * One contestant in one round. The generator and the meter are pinned to processor 0, the
 * contestant to the others; the meter runs before everybody else (SCHED_RR), as it hardly needs the
 * processor.
 */
final class Trial {
  /** Sources of the flood of ordinary SYNs. */
  private static final int SOURCES = 10_000;

  /** Packets per second while connects are timed under load. */
  private static final int LOAD = 100_000;

  private static final int WARM_UP = 50_000;

  /** Packets per second that wait for a contestant's first verdict. */
  private static final int FIRST_VERDICT = 1_000;

  /** A flood ends by itself then, whatever becomes of us. */
  private static final int LONGEST_FLOOD_S = 60;

  /** Sources of forged first knocks. */
  private static final int FORGED = 1_000_000;

  private static final int PAUSE_US = 300;
  private static final int KNOCK_PAUSE_US = 50_000;

  private final TestNetwork network;
  private final NativeTools tools;
  private final Length length;
  private final Path log;

  /** Floods of forged first knocks. */
  enum Forgers {
    NOBODY("0", 0),
    SOME("5k", 5_000),
    MANY("20k", 20_000),
    HORDE("50k", 50_000),
    FLAT_OUT("flat out", 0);

    private final String shown;
    private final int rate;

    Forgers(String shown, int rate) {
      this.shown = shown;
      this.rate = rate;
    }

    /** Packets per second, as the report has it. */
    @Override
    public String toString() {
      return shown;
    }
  }

  Trial(TestNetwork network, NativeTools tools, Length length, Path log) {
    this.network = network;
    this.tools = tools;
    this.length = length;
    this.log = log;
  }

  /** Puts the contestant's rules in place, starts it, measures, and takes all away again. */
  Figures run(Contestant contestant) throws IOException, InterruptedException {
    network.configure(contestant.rules().place());
    try {
      Figures figures = new Figures();
      if (contestant.isKernelAlone()) {
        saturate(figures);
        connects(figures);
      } else {
        measure(contestant, figures);
      }
      return figures;
    } finally {
      network.configure(contestant.rules().remove());
    }
  }

  private void measure(Contestant contestant, Figures figures)
      throws IOException, InterruptedException {
    Process first = flood(Doors.PROTECTED_PORT, SOURCES, FIRST_VERDICT, LONGEST_FLOOD_S);
    try (Program program = new Program(contestant, network, log)) {
      figures.put("ready ms", program.readyMs());
      figures.put("first verdict ms", program.firstVerdictMs(network));
      Commands.end(first);
      warmUp();
      if (contestant.kind().queuesFlood()) {
        saturate(program, figures);
      } else {
        saturate(figures);
      }
      connects(figures);
      if (contestant.kind().isGate()) {
        knock(figures);
      }
      figures.put("resident MB", program.residentMb());
      figures.put("peak MB", program.peakMb());
    } finally {
      Commands.end(first);
    }
  }

  private void warmUp() throws IOException, InterruptedException {
    Process flood = flood(TestNetwork.FLOOD_PORT, SOURCES, WARM_UP, length.floodSeconds);
    Commands.output(flood);
    flood.waitFor();
  }

  private void connects(Figures figures) throws IOException, InterruptedException {
    figures.putAll("idle ", connect());
    Process load = flood(TestNetwork.FLOOD_PORT, SOURCES, LOAD, LONGEST_FLOOD_S);
    try {
      Thread.sleep(200);
      figures.putAll("load ", connect());
    } finally {
      figures.put("load sent/s", sentPerSecond(load));
    }
  }

  /** Ends a flood; what it sent per second. It must have lasted until now. */
  private static double sentPerSecond(Process flood) throws IOException {
    Figures printed = new Figures();
    printed.putAll("", Commands.ended(flood));
    if (!(printed.get("seconds") < LONGEST_FLOOD_S)) {
      throw new IOException("the flood was over before what it was to be measured beside");
    }
    return printed.get("sent") / printed.get("seconds");
  }

  /** Flat out, with nobody between the generator and the rules. */
  private void saturate(Figures figures) throws IOException, InterruptedException {
    Process flood = flood(TestNetwork.FLOOD_PORT, SOURCES, 0, length.floodSeconds);
    generated(flood, figures);
    figures.put("packets/s", figures.get("sent/s"));
  }

  /** Flat out through the queue; the figures come from the middle of the flood. */
  private void saturate(Program program, Figures figures) throws IOException, InterruptedException {
    Process flood = flood(TestNetwork.FLOOD_PORT, SOURCES, 0, length.floodSeconds);
    long part = (long) (length.floodSeconds * 1000 / 5);
    Thread.sleep(part);
    long startNs = System.nanoTime();
    long startCpuNs = program.cpuNs();
    QueueLine start = network.queueLine();
    Thread.sleep(3 * part);
    long ns = System.nanoTime() - startNs;
    long cpuNs = program.cpuNs() - startCpuNs;
    QueueLine end = network.queueLine();
    long verdicts = end.verdicts() - start.verdicts();
    figures.put("packets/s", (double) verdicts / ns * 1e9);
    figures.put("cpu ns/packet", (double) cpuNs / verdicts);
    figures.put("dropped %", percent(end.dropped() - start.dropped(), verdicts));
    generated(flood, figures);
  }

  private static void generated(Process flood, Figures figures)
      throws IOException, InterruptedException {
    Figures printed = new Figures();
    printed.putAll("", Commands.output(flood));
    flood.waitFor();
    figures.put("sent/s", printed.get("sent") / printed.get("seconds"));
    figures.put("generator ns/packet", printed.get("cpu_ns"));
  }

  private static double percent(long part, long rest) {
    return part + rest == 0 ? 0 : 100.0 * part / (part + rest);
  }

  private Process flood(int port, int sources, int rate, double seconds) throws IOException {
    List<String> command =
        List.of(
            tools.flood().toString(),
            TestNetwork.CLIENT_DEVICE,
            TestNetwork.SERVER_MAC,
            TestNetwork.SERVER,
            String.valueOf(port),
            String.valueOf(sources),
            String.valueOf(rate),
            String.valueOf(seconds),
            "0");
    return Commands.start(network.inClient(command), log);
  }

  private String connect() throws IOException, InterruptedException {
    return dial(
        "connect",
        TestNetwork.SERVER,
        String.valueOf(TestNetwork.OPEN_PORT),
        String.valueOf(length.connects),
        String.valueOf(PAUSE_US));
  }

  /** Real knocks while forged first knocks come. */
  private void knock(Figures figures) throws IOException, InterruptedException {
    for (Forgers forgers : Forgers.values()) {
      String prefix = "knock " + forgers + " ";
      if (forgers == Forgers.NOBODY) {
        figures.putAll(prefix, knock());
      } else {
        knockUnder(forgers.rate, prefix, figures);
      }
    }
  }

  private void knockUnder(int rate, String prefix, Figures figures)
      throws IOException, InterruptedException {
    Process forger = flood(Doors.FIRST_KNOCK, FORGED, rate, LONGEST_FLOOD_S);
    try {
      Thread.sleep(500);
      figures.putAll(prefix, knock());
    } finally {
      figures.put(prefix + "sent/s", sentPerSecond(forger));
    }
  }

  private String knock() throws IOException, InterruptedException {
    int first = Doors.FIRST_KNOCK;
    return dial(
        "knock",
        TestNetwork.SERVER,
        first + "," + (first + 1) + "," + (first + 2),
        String.valueOf(Doors.PROTECTED_PORT),
        String.valueOf(length.knocks),
        String.valueOf(KNOCK_PAUSE_US));
  }

  private String dial(String... words) throws IOException, InterruptedException {
    List<String> command =
        Commands.join(
            List.of("chrt", "-r", "2", tools.dial().toString()),
            Commands.join(List.of(words), List.of("0")));
    return Commands.run(network.inClient(command));
  }
}

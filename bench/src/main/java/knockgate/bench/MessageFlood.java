package knockgate.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import knockgate.bench.Contestant.Kind;
import knockgate.bench.Contestant.Rules;

/**
 * What a flood of forged messages costs those who connect: connects are timed with and without it,
 * in turns, and so they are where nobody looks into the messages: the gate with the same datagrams
 * sent to ports that no door names, a plain loop in C, and no queue at all. Processors are shared
 * out as in {@link Trial}.
 */
final class MessageFlood {
  /** Datagrams per second; what is asked of the gate is about so many. */
  static final int PER_SECOND = 20_000;

  /** So many that all of the hashing is compiled before anything is measured. */
  private static final int WARM_UP = 100_000;

  private static final int SOURCES = 1_000_000;
  private static final int PAUSE_US = 200;

  /** Of fwknop's messages; xt_pknock's go to the next one. */
  private static final int MESSAGE_PORT = 7101;

  private static final int STRANGE_PORT = 7201;

  /** Ordinary connects go where no door is. */
  private static final String POLICY =
      """
      doors {
        fwknop {
          protects = [ "tcp/22" ], autoclose = 1m
          spa { dialect = fwknop, port = %d, stanzas { alice { key = "%s", hmac-key = "hmac" } } }
        }
        pknock {
          protects = [ "tcp/993" ], autoclose = 1m
          spa { dialect = pknock, port = %d, open-secret = "%s", close-secret = "shut" }
        }
      }
      """;

  /** Datagrams are dropped behind the verdict, whatever it is. */
  private static final String DROP = "iptables -%c INPUT -p udp -j DROP";

  private static final String QUEUE = "iptables -t mangle -A INPUT -p udp -j NFQUEUE --queue-num 0";

  private static final Rules UNQUEUED =
      new Rules(
          List.of(Rules.words(DROP.formatted('A'))), List.of(Rules.words(DROP.formatted('D'))));

  private static final Rules QUEUED =
      new Rules(
          Commands.join(
              Rules.EVERY_SYN.place(), List.of(UNQUEUED.place().get(0), Rules.words(QUEUE))),
          Commands.join(Rules.EVERY_SYN.remove(), UNQUEUED.remove()));

  private final Path gate;
  private final Path folder;
  private final List<String> payloads;

  /**
   * A contestant and the flood that it gets.
   *
   * @param port of the first payload; that of the second is the next
   */
  record Turn(Contestant contestant, int port) {}

  /**
   * A run.
   *
   * @param gate the launcher
   * @param folder where logs, policies and compiled programs go
   */
  MessageFlood(Path gate, Path folder) {
    this.gate = gate;
    this.folder = folder;
    long now = System.currentTimeMillis();
    payloads =
        List.of(
            text(Messages.fwknop("forged", new SplittableRandom(now), now)),
            text(Messages.pknock("forged", 0, now)));
  }

  private static String text(byte[] message) {
    return new String(message, StandardCharsets.US_ASCII);
  }

  /**
   * Runs it.
   *
   * @throws IOException when a contestant or a tool fails, with what it said
   */
  MessageFloodReport run(Length length) throws IOException, InterruptedException {
    NativeTools tools = NativeTools.compile(folder.resolve("c"));
    Path log = folder.resolve("messages.log");
    Files.deleteIfExists(log);
    MessageFloodReport report = new MessageFloodReport();
    try (TestNetwork network = new TestNetwork(tools, log)) {
      for (int round = 1; round <= length.rounds; round++) {
        for (Turn turn : turns(tools)) {
          String name = turn.contestant.name();
          System.err.println("messages, round " + round + " of " + length.rounds + ": " + name);
          report.add(name, figures(turn, network, tools, length, log));
        }
      }
    }
    return report;
  }

  private List<Turn> turns(NativeTools tools) throws IOException {
    String text =
        POLICY.formatted(
            MESSAGE_PORT, Messages.FWKNOP_KEY, MESSAGE_PORT + 1, Messages.PKNOCK_SECRET);
    Path policy = Files.writeString(folder.resolve("messages.conf"), text).toAbsolutePath();
    List<String> run = List.of(gate.toString(), "run", "-c", policy.toString());
    List<String> loop = List.of(tools.loop().toString(), "batch");
    return List.of(
        new Turn(new Contestant("gate, forged messages", run, QUEUED, Kind.GATE), MESSAGE_PORT),
        new Turn(new Contestant("gate, other ports", run, QUEUED, Kind.GATE), STRANGE_PORT),
        new Turn(new Contestant("C, batches", loop, QUEUED, Kind.LOOP), MESSAGE_PORT),
        new Turn(new Contestant("no queue", List.of(), UNQUEUED, Kind.KERNEL), MESSAGE_PORT));
  }

  private Figures figures(
      Turn turn, TestNetwork network, NativeTools tools, Length length, Path log)
      throws IOException, InterruptedException {
    network.configure(turn.contestant.rules().place());
    try {
      Flood flood = new Flood(turn.port, payloads, network, tools, log);
      if (turn.contestant.isKernelAlone()) {
        return flood.measure(length);
      }
      try (Program program = new Program(turn.contestant, network, log)) {
        flood.warmUp(length.floodSeconds);
        Figures figures = flood.measure(length);
        figures.put("resident MB", program.residentMb());
        return figures;
      }
    } finally {
      network.configure(turn.contestant.rules().remove());
    }
  }

  /** The flood of one turn, and the connects. */
  private record Flood(
      int port, List<String> payloads, TestNetwork network, NativeTools tools, Path log) {
    private void warmUp(double seconds) throws IOException, InterruptedException {
      Process process = start(WARM_UP, seconds);
      Commands.output(process);
      process.waitFor();
    }

    private Figures measure(Length length) throws IOException, InterruptedException {
      Figures figures = new Figures();
      figures.putAll("idle ", connect(length));
      Process process = start(PER_SECOND, 60);
      try {
        Thread.sleep(200);
        figures.putAll("flooded ", connect(length));
      } finally {
        figures.putAll("flood ", Commands.ended(process));
      }
      figures.put("sent/s", figures.get("flood sent") / figures.get("flood seconds"));
      return figures;
    }

    private Process start(int rate, double seconds) throws IOException {
      List<String> command =
          List.of(
              tools.flood().toString(),
              TestNetwork.CLIENT_DEVICE,
              TestNetwork.SERVER_MAC,
              TestNetwork.SERVER,
              String.valueOf(port),
              String.valueOf(SOURCES),
              String.valueOf(rate),
              String.valueOf(seconds),
              "0");
      return Commands.start(network.inClient(Commands.join(command, payloads)), log);
    }

    private String connect(Length length) throws IOException {
      List<String> command =
          List.of(
              "chrt",
              "-r",
              "2",
              tools.dial().toString(),
              "connect",
              TestNetwork.SERVER,
              String.valueOf(TestNetwork.OPEN_PORT),
              // for a p99 that fifty connects are above
              String.valueOf(length.connects * 5 / 2),
              String.valueOf(PAUSE_US),
              "0");
      return Commands.run(network.inClient(command));
    }
  }
}

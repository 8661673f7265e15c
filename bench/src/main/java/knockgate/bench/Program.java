package knockgate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A contestant that runs: bound to queue 0, on all processors but the generator's. */
final class Program implements AutoCloseable {
  private static final long MOST_START_NS = TimeUnit.SECONDS.toNanos(20);

  /** Processor 0 is the generator's; on a machine with one processor there is no choice. */
  private static final List<String> PIN =
      Runtime.getRuntime().availableProcessors() == 1
          ? List.of()
          : List.of("taskset", "-c", "1-" + (Runtime.getRuntime().availableProcessors() - 1));

  /** Clock ticks of /proc/PID/stat: USER_HZ is 100 on every architecture that matters here. */
  private static final long NS_PER_TICK = 10_000_000;

  private final Process process;
  private final long startNs;
  private final double readyMs;

  /** Starts it and waits until it has bound its queue. */
  Program(Contestant contestant, TestNetwork network, Path log)
      throws IOException, InterruptedException {
    startNs = System.nanoTime();
    List<String> command = network.inServer(Commands.join(PIN, contestant.command()));
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD) // the gate's events: gigabytes
            .start();
    process.getOutputStream().close();
    try {
      readyMs = await(network::isBound, contestant.name() + " did not bind queue 0: see " + log);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Something that the kernel says. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  /** Milliseconds from the start until it holds. */
  private double await(Condition condition, String otherwise)
      throws IOException, InterruptedException {
    while (!condition.holds()) {
      if (!process.isAlive() || System.nanoTime() - startNs > MOST_START_NS) {
        throw new IOException(otherwise);
      }
      Thread.sleep(1);
    }
    return (System.nanoTime() - startNs) / 1e6;
  }

  /**
   * From the start of the process to its first verdict, in milliseconds; somebody sends packets.
   */
  double firstVerdictMs(TestNetwork network) throws IOException, InterruptedException {
    return await(
        () -> network.queueLine().verdicts() > 0, "no verdict in " + MOST_START_NS + " ns");
  }

  /** From the start of the process to its queue, in milliseconds. */
  double readyMs() {
    return readyMs;
  }

  /** Processor time so far, in nanoseconds; the threads that have ended are in it. */
  long cpuNs() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    String[] behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long userTicks = Long.parseLong(behindName[11]);
    long systemTicks = Long.parseLong(behindName[12]);
    return (userTicks + systemTicks) * NS_PER_TICK;
  }

  /** Resident memory, in megabytes. */
  double residentMb() throws IOException {
    return statusMb("VmRSS:");
  }

  /** The most of it so far. */
  double peakMb() throws IOException {
    return statusMb("VmHWM:");
  }

  private double statusMb(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    return 0;
  }

  @Override
  public void close() {
    Commands.end(process);
  }
}

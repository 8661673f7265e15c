package knockgate.gate.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The real daemon, started by its launcher inside a namespace.
 *
 * <p>Two threads collect what it prints; the test's own thread asks.
 */
final class Gate implements AutoCloseable {
  /** The launcher of this checkout; failsafe runs in the module's folder. */
  static final Path LAUNCHER =
      Path.of(System.getProperty("basedir", "."))
          .toAbsolutePath()
          .normalize()
          .resolve("bin/knockgate");

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final List<String> output = new CopyOnWriteArrayList<>();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Thread outputReader;
  private final Thread onExit;

  private Gate(Process process) {
    this.process = process;
    outputReader = collect(process.getInputStream(), output);
    collect(process.getErrorStream(), log);
    onExit = new Thread(this::end, "end daemon");
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /** Starts it and waits until it says that it is ready. */
  static Gate start(Namespace namespace, Path policy) {
    return start(namespace, policy, Map.of()).awaitReady();
  }

  /** Starts it, with additions to its environment, and does not wait. */
  static Gate start(Namespace namespace, Path policy, Map<String, String> environment) {
    return start(namespace, List.of(), policy, environment);
  }

  /** The same behind a command that runs another and leaves it its process id. */
  static Gate start(
      Namespace namespace, List<String> before, Path policy, Map<String, String> environment) {
    List<String> command = new ArrayList<>(before);
    command.addAll(List.of(LAUNCHER.toString(), "run", "-c", policy.toAbsolutePath().toString()));
    return started(namespace, command, environment);
  }

  /** Starts it with more options, and does not wait. */
  static Gate startWith(Namespace namespace, Path policy, String... options) {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "run", "-c"));
    command.add(policy.toAbsolutePath().toString());
    command.addAll(List.of(options));
    return started(namespace, command, Map.of());
  }

  private static Gate started(
      Namespace namespace, List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(namespace.command(command));
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    try {
      return new Gate(builder.start());
    } catch (IOException cannotStart) {
      throw new UncheckedIOException(cannotStart);
    }
  }

  /** Runs a command of knockgate inside a namespace to its end. */
  static Run command(Namespace namespace, String... arguments) {
    return command(namespace, Map.of(), arguments);
  }

  /** The same with additions to the environment. */
  static Run command(Namespace namespace, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    return Run.with(environment, namespace.command(command));
  }

  Gate awaitReady() {
    await("ready", () -> log.stream().anyMatch(line -> line.contains("ready")) || ended());
    if (ended()) {
      throw new AssertionError("the daemon ended with " + process.exitValue() + this);
    }
    return this;
  }

  /** Process id of the daemon itself: {@code ip netns exec} and the launcher hand theirs on. */
  long pid() {
    return process.pid();
  }

  /** The executable that it runs: a Java. */
  Path program() {
    try {
      return Path.of("/proc/" + pid() + "/exe").toRealPath();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** What it has used of all processors so far. */
  Duration processorTime() {
    return process
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new AssertionError("no processor time for the daemon" + this));
  }

  /** What it told people so far. */
  List<String> log() {
    return List.copyOf(log);
  }

  /** Events so far that fit. */
  List<Event> events(Predicate<Event> fits) {
    return output.stream().map(Event::of).filter(fits).toList();
  }

  /** Waits up to half a minute for the first event that fits. */
  Event awaitEvent(String what, Predicate<Event> fits) {
    await(what, () -> !events(fits).isEmpty());
    return events(fits).get(0);
  }

  /** Waits up to half a minute for it to tell people that. */
  void awaitLog(String words) {
    await(words, () -> log.stream().anyMatch(line -> line.contains(words)));
  }

  // By its handle: to destroy the process itself would also close the streams that it still writes
  // to.

  /** Asks it to end, as systemd would. */
  int terminate() {
    process.toHandle().destroy();
    return awaitEnd();
  }

  /** Ends it the hard way. */
  void kill() {
    process.toHandle().destroyForcibly();
    awaitEnd();
  }

  int awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the daemon does not end" + this);
      }
      outputReader.join(PATIENCE.toMillis());
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Resident memory now, in bytes. */
  long residentBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
    throw new AssertionError("no VmRSS for the daemon" + this);
  }

  /** The kernel's line of each bound queue: packets waiting, dropped, numbered so far. */
  List<Queue> queues() {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid() + "/net/netfilter/nfnetlink_queue"))
          .stream()
          .map(Queue::of)
          .toList();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private void await(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited " + PATIENCE + " for: " + what + this);
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(interrupted);
      }
    }
  }

  private boolean ended() {
    return !process.isAlive();
  }

  private static Thread collect(InputStream stream, List<String> into) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                reader.lines().forEach(into::add);
              } catch (IOException | UncheckedIOException ended) {
                // the process was killed; what it printed until then is kept
              }
            },
            "daemon output");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(onExit);
  }

  /** With those that it started: unshare's --kill-child does not reach one of another user. */
  private void end() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    return "\nits log:\n" + String.join("\n", log) + "\nits events:\n" + String.join("\n", output);
  }
}

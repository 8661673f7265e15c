package knockgate.gate.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another server's process, such as sshd, that stays in the foreground and tells what it does. */
final class Daemon implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Process process;
  private final Path log;
  private final Thread onExit;

  private Daemon(Process process, Path log) {
    this.process = process;
    this.log = log;
    onExit = new Thread(process::destroyForcibly, "end daemon");
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /**
   * Starts it and waits until its log says so.
   *
   * @param log where its output goes
   * @param ready a part of the line that tells that it works
   */
  static Daemon start(Namespace namespace, Path log, String ready, String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(namespace.command(List.of(command)));
      builder.redirectErrorStream(true).redirectOutput(log.toFile());
      builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
      Daemon daemon = new Daemon(builder.start(), log);
      try {
        daemon.await(ready);
        return daemon;
      } catch (AssertionError never) {
        daemon.close();
        throw never;
      }
    } catch (IOException cannotStart) {
      throw new UncheckedIOException(
          command[0] + " cannot be started; gate/bin/verify installs what is missing", cannotStart);
    }
  }

  /** Waits up to 20 seconds until its log has a text. */
  void await(String text) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!log().contains(text)) {
      if (System.nanoTime() > deadline || !process.isAlive()) {
        throw new AssertionError("waited for: " + text + "\nits log:\n" + log());
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(interrupted);
      }
    }
  }

  /** What it has told so far. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onExit);
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

package knockgate.gate.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that has ended.
 *
 * @param command as it was started
 * @param exitCode what it returned
 * @param out its standard output and standard error, in one
 * @param took from start to end
 */
record Run(List<String> command, int exitCode, String out, Duration took) {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Runs a command to its end, at most a minute, whatever its exit code. */
  static Run of(String... command) {
    return with(Map.of(), List.of(command));
  }

  /** The same with additions to the environment. */
  static Run with(Map<String, String> environment, List<String> command) {
    try {
      Path out = Files.createTempFile("knockgate-run", ".out");
      try {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.redirectOutput(out.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        long start = System.nanoTime();
        Process process = builder.start();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
          throw new AssertionError(
              command + " was still running after " + LIMIT + ":\n" + Files.readString(out));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        String text = new String(Files.readAllBytes(out), UTF_8);
        return new Run(List.copyOf(command), process.exitValue(), text, took);
      } finally {
        Files.deleteIfExists(out);
      }
    } catch (IOException cannotStart) {
      throw new UncheckedIOException(
          command.get(0) + " cannot be started; gate/bin/verify installs what is missing",
          cannotStart);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /**
   * This run, if it ended with 0.
   *
   * @throws AssertionError with the command and what it printed if not
   */
  Run ok() {
    if (exitCode != 0) {
      throw new AssertionError(
          String.join(" ", command) + "\nended with " + exitCode + " and printed:\n" + out);
    }
    return this;
  }
}

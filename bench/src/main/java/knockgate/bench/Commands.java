package knockgate.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Other programs: run to their end, or started. */
final class Commands {
  private Commands() {}

  /**
   * Runs a program to its end.
   *
   * @return its standard output
   * @throws IOException when it fails, with what it said
   */
  static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = output(process);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output.strip());
    }
    return output;
  }

  /** The same, from words in one line without quotes. */
  static String run(String line) throws IOException {
    return run(List.of(line.split(" ", -1)));
  }

  /** Starts a program; its errors go to a file. */
  static Process start(List<String> command, Path errors) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    process.getOutputStream().close();
    return process;
  }

  /** What a program still has to say, up to its end. */
  static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Ends a program: SIGTERM, and SIGKILL four seconds later. */
  static void end(Process process) {
    process.destroy();
    process
        .onExit()
        .completeOnTimeout(process, 4, TimeUnit.SECONDS)
        .thenAccept(Process::destroyForcibly)
        .join();
    process.onExit().join();
  }

  /** Ends a program with SIGTERM; what it said. */
  static String ended(Process process) throws IOException {
    process.toHandle().destroy(); // unlike the process's own, leaves its output to be read
    try {
      return output(process);
    } finally {
      end(process);
    }
  }

  static <T> List<T> join(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}

package knockgate.gate.cli.knock;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.process.Signals;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The option {@code --then} of the clients: a command that runs as soon as the packets have left,
 * with our standard streams. So a client can be ssh's ProxyCommand: what ends us ends the command.
 */
final class Afterwards {
  @Option(
      names = "--then",
      paramLabel = "COMMAND",
      description = "then run this shell command, and end as it ends")
  private @Nullable String command;

  /**
   * Runs the command, if there is one.
   *
   * @return its exit code; 0 without one
   * @throws Failure if it cannot be started
   */
  int run() {
    if (command == null) {
      return ExitCode.OK.number();
    }
    try {
      CompletableFuture<Process> started = new CompletableFuture<>();
      // by SIGHUP ssh ends its ProxyCommand; Ctrl-C the command gets from the terminal, as we do
      Signals.handle("HUP", () -> end(started.join()));
      Signals.handle("TERM", () -> end(started.join()));
      Signals.handle("INT", () -> {});
      started.complete(new ProcessBuilder("/bin/sh", "-c", command).inheritIO().start());
      int exitCode = started.join().waitFor();
      synchronized (this) { // not before end() is through
        return exitCode;
      }
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT, "/bin/sh cannot be started: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.CANNOT, "interrupted before the command had ended", e);
    }
  }

  /** Not every shell puts its last command in its own place; the shell hears of it first. */
  private synchronized void end(Process process) {
    List<ProcessHandle> below = process.descendants().toList();
    process.destroy();
    below.forEach(ProcessHandle::destroy);
  }
}

package knockgate.gate.cli.knock;

import java.io.IOException;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The option {@code --then} of the clients: a command that runs as soon as the packets have left,
 * with our standard streams. So a client can be ssh's ProxyCommand.
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
      return new ProcessBuilder("/bin/sh", "-c", command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT, "/bin/sh cannot be started: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.CANNOT, "interrupted before the command had ended", e);
    }
  }
}

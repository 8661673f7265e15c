package knockgate.gate.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where {@code knockgate rules} waits for {@code knockgate confirm}; a mixin. */
final class ConfirmSocket {
  /** In a directory that only root can write in; the gate's own may be another user's. */
  private static final String USUAL = "/run/knockgate-confirm.sock";

  @Option(
      names = "--confirm-socket",
      paramLabel = "PATH",
      defaultValue = "${KNOCKGATE_CONFIRM_SOCKET:-" + USUAL + "}",
      description =
          "where \"knockgate rules --confirm\" waits (default: $$KNOCKGATE_CONFIRM_SOCKET or"
              + " ${DEFAULT-VALUE})")
  private Path path = Path.of(USUAL);

  Path path() {
    return path.toAbsolutePath();
  }
}

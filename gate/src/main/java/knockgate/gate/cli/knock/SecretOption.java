package knockgate.gate.cli.knock;

import java.nio.file.Path;
import knockgate.gate.fault.Failure;
import knockgate.rules.spa.Secret;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a client that has no policy finds the one secret that it needs; a mixin. */
final class SecretOption {
  private static final String NAME = "--secret-file";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description = "the secret, in a file that others may not read")
  private @Nullable Path file;

  /** Whether a file is named. */
  boolean isGiven() {
    return file != null;
  }

  /**
   * The secret of the file, else of the environment, else of whoever is asked.
   *
   * @throws Failure if it is nowhere to be found, or its file is refused
   */
  Secret find() {
    return ClientSecret.of("secret", NAME, "KNOCKGATE_SECRET").find(file);
  }
}

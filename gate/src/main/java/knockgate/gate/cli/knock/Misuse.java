package knockgate.gate.cli.knock;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Options that exclude each other, need each other, or say what cannot be. */
final class Misuse {
  private Misuse() {}

  /**
   * The exception that ends a command with the sentence, its usage and exit code 2.
   *
   * @param command as picocli has set it: never null while a command runs
   */
  static ParameterException of(@Nullable CommandSpec command, String sentence) {
    return new ParameterException(requireNonNull(command).commandLine(), sentence);
  }
}

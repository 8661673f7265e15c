package knockgate.gate.cli.knock;

import java.nio.file.Path;
import java.util.Map;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.policy.SecretFiles;
import knockgate.rules.spa.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Where a client takes a secret from: a file, else a variable of the environment, else a prompt.
 * Never the command line, which every user of the machine can read.
 *
 * @param what its name for people, such as {@code open secret}
 * @param option the option that names its file
 * @param variable the variable
 * @param environment the variables that there are
 */
record ClientSecret(String what, String option, String variable, Map<String, String> environment) {
  /** For the process's own environment. */
  static ClientSecret of(String what, String option, String variable) {
    return new ClientSecret(what, option, variable, System.getenv());
  }

  /**
   * Finds the secret.
   *
   * @param file what the option says; null = it is not given
   * @throws Failure if it is nowhere to be found, or its file is refused
   */
  Secret find(@Nullable Path file) {
    try {
      if (file != null) {
        return new SecretFiles(Path.of("")).apply(file.toString());
      }
      String text = environment.get(variable);
      return text == null ? ask() : Secret.ofText(text);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.NOT_SO, what + ": " + e.getMessage(), e);
    }
  }

  private Secret ask() {
    Secret typed = Terminal.ask(what);
    if (typed == null) {
      throw new Failure(
          ExitCode.NOT_SO, "no " + what + ": give " + option + " FILE, or set " + variable);
    }
    return typed;
  }
}

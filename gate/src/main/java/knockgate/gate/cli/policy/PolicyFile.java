package knockgate.gate.cli.policy;

import java.nio.file.Path;
import knockgate.gate.policy.PolicyLoader;
import knockgate.rules.policy.Policy;
import picocli.CommandLine.Option;

/** The option {@code -c}, which names the policy in every command that reads one; a mixin. */
public final class PolicyFile {
  private static final String USUAL_PLACE = "/etc/knockgate/knockgate.conf";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = USUAL_PLACE,
      description = "the policy (default: ${DEFAULT-VALUE})")
  private Path path = Path.of(USUAL_PLACE);

  /** Where the policy is; nothing is known of the file yet. */
  public Path path() {
    return path;
  }

  /**
   * What another command needs to read the same one: {@code -c FILE}, or nothing in the usual
   * place.
   */
  public String asOption() {
    return path.equals(Path.of(USUAL_PLACE)) ? "" : " -c " + path;
  }

  /**
   * Reads it.
   *
   * @throws knockgate.gate.fault.Failure with every mistake
   */
  public Policy load() {
    return PolicyLoader.load(path);
  }
}

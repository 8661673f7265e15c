package knockgate.gate.cli.policy;

import java.nio.file.Path;
import java.util.List;
import knockgate.gate.policy.PolicyLoader;
import knockgate.rules.policy.Policy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code -c}, which names the policy in every command that reads one; a mixin. */
public final class PolicyFile {
  private static final String USUAL_PLACE = "/etc/knockgate/knockgate.conf";
  private static final String SHORT = "-c";
  private static final String LONG = "--config";

  @Option(
      names = {SHORT, LONG},
      paramLabel = "FILE",
      defaultValue = USUAL_PLACE,
      description = "the policy (default: ${DEFAULT-VALUE})")
  private Path path = Path.of(USUAL_PLACE);

  /**
   * The option alone, read without picocli.
   *
   * @param words of a command line
   * @return null if they are more than this option, or odd: an empty name, an option in its place,
   *     or one of picocli's files of arguments
   */
  public static @Nullable PolicyFile plain(List<String> words) {
    PolicyFile file = new PolicyFile();
    if (words.isEmpty()) {
      return file;
    }
    boolean named = words.get(0).equals(SHORT) || words.get(0).equals(LONG);
    if (words.size() != 2 || !named || !words.get(1).matches("[^-@].*")) {
      return null;
    }
    file.path = Path.of(words.get(1));
    return file;
  }

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

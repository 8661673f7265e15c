package knockgate.gate;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Path;
import knockgate.rules.Policy;
import knockgate.rules.PolicyException;
import knockgate.rules.PolicyReader;

/** From a file to a policy. */
public final class PolicyLoader {
  private PolicyLoader() {}

  /**
   * Reads a policy.
   *
   * @throws Failure with every mistake, when it cannot be used
   */
  public static Policy load(Path file) {
    try {
      return PolicyReader.read(
          ConfigFactory.parseFile(
                  file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
              .resolve());
    } catch (ConfigException e) {
      throw new Failure(ExitCode.POLICY, String.valueOf(PolicyException.of(e).getMessage()), e);
    } catch (PolicyException e) {
      throw new Failure(ExitCode.POLICY, String.valueOf(e.getMessage()), e);
    }
  }
}

package knockgate.gate.policy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Sequence;

/**
 * Secrets that stand in a policy itself, or in a file that it includes, where others may read them.
 * A file that holds a secret alone is refused then ({@link SecretFiles}); a policy is not, or a
 * careless chmod would shut everybody out at the next start. People are warned.
 */
public final class ExposedSecrets {
  /** The keys of secrets in knockgate.conf(5), but for those that name a file. */
  private static final Pattern SECRET =
      Pattern.compile("((open|close)-secret|(hmac-)?key)(-base64)?|secret|secret-key|passphrase");

  private ExposedSecrets() {}

  /**
   * Path of each such secret, and the file that it stands in.
   *
   * @param file where the policy was read from
   * @param policy that policy; where all doors open by knocks there is no secret to look for
   */
  public static Map<String, Path> of(Path file, Policy policy) {
    Map<String, Path> exposed = new TreeMap<>();
    if (policy.doors().stream().allMatch(door -> door.trigger() instanceof Sequence)) {
      return exposed;
    }
    Config parsed;
    try {
      parsed = new PolicyFiles(file).parse();
    } catch (PolicyException changedMeanwhile) {
      return exposed;
    }
    for (Map.Entry<String, ConfigValue> entry : parsed.entrySet()) {
      List<String> path = ConfigUtil.splitPath(entry.getKey());
      if (SECRET.matcher(path.get(path.size() - 1)).matches()) {
        Path standsIn = file(entry.getValue().origin());
        if (isReadByOthers(standsIn)) {
          exposed.put(entry.getKey(), standsIn);
        }
      }
    }
    return exposed;
  }

  /** The origin is the name that {@link PolicyFiles} has given, with a line behind it. */
  private static Path file(ConfigOrigin origin) {
    return Path.of(origin.description().replaceFirst(": \\d+(-\\d+)?$", ""));
  }

  private static boolean isReadByOthers(Path file) {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }
}

package knockgate.gate;

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
   * @param policy a policy that has been found right
   */
  public static Map<String, Path> of(Path policy) {
    Map<String, Path> exposed = new TreeMap<>();
    Config parsed;
    try {
      parsed = new PolicyFiles(policy).parse();
    } catch (PolicyException changedMeanwhile) {
      return exposed;
    }
    for (Map.Entry<String, ConfigValue> entry : parsed.entrySet()) {
      List<String> path = ConfigUtil.splitPath(entry.getKey());
      if (SECRET.matcher(path.get(path.size() - 1)).matches()) {
        Path file = file(entry.getValue().origin());
        if (isReadByOthers(file)) {
          exposed.put(entry.getKey(), file);
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

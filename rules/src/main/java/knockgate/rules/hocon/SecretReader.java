package knockgate.rules.hocon;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Reads secrets: as text in the policy, or out of a file. What is wrong with one is told without
 * repeating it.
 *
 * <pre>
 * key             = "correct horse"       # the UTF-8 bytes of the text
 * key-file        = "alice.key"           # the bytes of a file, without the line's end
 * key-base64      = "Y29ycmVjdCBob3JzZQ=="
 * key-base64-file = "alice.key64"
 * </pre>
 *
 * @param files gives what is in a file, or throws IllegalArgumentException with a sentence; this
 *     module itself opens none
 * @param keyCheck throws IllegalArgumentException with a sentence for OpenPGP keys that cannot be
 *     used; this module itself reads none
 */
record SecretReader(Function<String, Secret> files, Consumer<FwknopGpg> keyCheck) {
  /** For policies that come without files. */
  static final SecretReader WITHOUT_FILES =
      new SecretReader(
          name -> {
            throw new IllegalArgumentException("no files are read here; write the secret itself");
          },
          keys -> {});

  private static final String FILE = "-file";
  private static final String BASE64 = "-base64";

  /** The secret of a key, written in at most one of two ways; null = not written, or wrong. */
  @Nullable Secret text(Block block, String key) {
    return oneOf(block, key, List.of(key, key + FILE));
  }

  /** The same, with base64 as a third and fourth way. */
  @Nullable Secret textOrBase64(Block block, String key) {
    return oneOf(block, key, List.of(key, key + FILE, key + BASE64, key + BASE64 + FILE));
  }

  /** Whether a secret is written in any way, right or wrong. */
  static boolean isWritten(Block block, String key) {
    return block.keys().stream().anyMatch(other -> other.matches(key + "(-base64)?(-file)?"));
  }

  private @Nullable Secret oneOf(Block block, String key, List<String> ways) {
    List<String> written = new ArrayList<>();
    Secret secret = null;
    for (String way : ways) {
      if (block.has(way)) {
        written.add(way);
        secret = block.readOrNull(way, value -> read(value, way));
      }
    }
    if (written.size() > 1) {
      block.problem(key, "it is written twice, as " + String.join(" and ", written) + "; keep one");
    }
    return secret;
  }

  private Secret read(ConfigValue value, String way) {
    if (value.valueType() != ConfigValueType.STRING) {
      throw new IllegalArgumentException("a secret is text; put it in quotes");
    }
    String text = Scalar.text(value);
    if (!way.endsWith(FILE)) {
      return way.endsWith(BASE64) ? Secret.ofBase64(text) : Secret.ofText(text);
    }
    Secret content = files.apply(text);
    return way.endsWith(BASE64 + FILE) ? content.fromBase64() : content;
  }
}

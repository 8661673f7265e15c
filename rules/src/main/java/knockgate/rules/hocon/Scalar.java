package knockgate.rules.hocon;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Map;
import knockgate.rules.words.Spelling;

/**
 * Single values of a policy, each of exactly the type that was written: the library itself would
 * take {@code "7000"} for a number and {@code 1} for a truth. Every method throws
 * IllegalArgumentException with a sentence that shows the value and the cure.
 */
final class Scalar {
  private static final int MOST_SHOWN = 60;

  private Scalar() {}

  /** A string. */
  static String text(ConfigValue value) {
    if (value.valueType() != ConfigValueType.STRING) {
      throw new IllegalArgumentException(shown(value) + " is not text; put it in quotes");
    }
    return (String) value.unwrapped();
  }

  /** A whole number within bounds, both included. */
  static int number(ConfigValue value, int min, int max) {
    if (value.valueType() == ConfigValueType.STRING) {
      String text = text(value);
      throw new IllegalArgumentException(
          text.matches("\\d+")
              ? shown(value) + " is text; write " + text + " without quotes"
              : shown(value) + " is not a number; write " + min + " to " + max);
    }
    boolean whole = value.unwrapped() instanceof Integer || value.unwrapped() instanceof Long;
    if (!whole) {
      throw new IllegalArgumentException(
          shown(value) + " is not a whole number; write " + min + " to " + max);
    }
    long number = ((Number) value.unwrapped()).longValue();
    if (number < min || number > max) {
      throw new IllegalArgumentException(number + " is out of bounds; write " + min + " to " + max);
    }
    return (int) number;
  }

  /** A truth value. */
  static boolean flag(ConfigValue value) {
    if (value.valueType() != ConfigValueType.BOOLEAN) {
      throw new IllegalArgumentException(shown(value) + " is unclear; write true or false");
    }
    return (Boolean) value.unwrapped();
  }

  /** One of the words that a key takes. */
  static <T> T word(ConfigValue value, Map<String, T> words) {
    String text = value.valueType() == ConfigValueType.STRING ? text(value) : "";
    T meaning = words.get(text);
    if (meaning == null) {
      throw new IllegalArgumentException(
          shown(value) + " is unknown; " + Spelling.hint(text, words.keySet()));
    }
    return meaning;
  }

  /** The value as the policy has it, on one line, shortened. Not for secrets. */
  static String shown(ConfigValue value) {
    String text = value.render(ConfigRenderOptions.concise());
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
  }
}

package knockgate.rules.hocon;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key that holds a duration. HOCON would take a bare number for milliseconds, xt_pknock for
 * minutes or seconds: so the unit is always written.
 *
 * @param key its name
 * @param endless the word for "no limit"
 * @param bareUnit the unit that whoever wrote a bare number probably meant
 * @param habit who counted so, for the sentence
 */
public record DurationKey(String key, String endless, String bareUnit, String habit) {
  static final DurationKey TIME = new DurationKey("time", "none", "s", "xt_pknock counted seconds");
  static final DurationKey WINDOW = new DurationKey("window", "none", "s", "knockd counts seconds");
  static final DurationKey AUTOCLOSE =
      new DurationKey("autoclose", "never", "m", "xt_pknock counted minutes");

  static final DurationKey AGE = new DurationKey("age", "none", "s", "fwknop counts seconds");
  static final DurationKey TIMEOUT =
      new DurationKey("timeout", "never", "s", "fwknop counts seconds");
  static final DurationKey MAX_TIMEOUT =
      new DurationKey("max-timeout", "none", "s", "fwknop counts seconds");
  static final DurationKey STEP = new DurationKey("step", "none", "s", "it has no other");

  static final DurationKey HOOK_TIMEOUT =
      new DurationKey("hook-timeout", "none", "s", "knockd counts seconds");

  /** Attempts keep milliseconds in 38 bits; a year is far within and far beyond sense. */
  static final Duration LONGEST = Duration.ofDays(365);

  private static final Pattern FORM = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?) *([A-Za-z]+)");

  private static final Map<String, Long> UNIT_MILLIS =
      Map.ofEntries(
          Map.entry("ms", 1L),
          Map.entry("millisecond", 1L),
          Map.entry("milliseconds", 1L),
          Map.entry("s", 1_000L),
          Map.entry("second", 1_000L),
          Map.entry("seconds", 1_000L),
          Map.entry("m", 60_000L),
          Map.entry("minute", 60_000L),
          Map.entry("minutes", 60_000L),
          Map.entry("h", 3_600_000L),
          Map.entry("hour", 3_600_000L),
          Map.entry("hours", 3_600_000L),
          Map.entry("d", 86_400_000L),
          Map.entry("day", 86_400_000L),
          Map.entry("days", 86_400_000L));

  /** The key's duration in a block, of whole milliseconds; null = no limit. */
  @Nullable Duration read(Block block, @Nullable Duration fallback) {
    return block.read(key, Optional.ofNullable(fallback), this::parse).orElse(null);
  }

  private Optional<Duration> parse(ConfigValue value) {
    if (value.valueType() == ConfigValueType.NUMBER) {
      throw new IllegalArgumentException(bareNumber(value));
    }
    return parse(Scalar.text(value).strip());
  }

  /**
   * Reads a duration such as {@code 10m}; empty = no limit.
   *
   * @throws IllegalArgumentException with a sentence that shows the text and the cure
   */
  public Optional<Duration> parse(String text) {
    if (text.equals(endless)) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(text);
    Long unit = form.matches() ? UNIT_MILLIS.get(form.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is not a duration; write a number and one of ms, s, m, h, d, such as 10"
              + bareUnit
              + ", or "
              + endless);
    }
    BigDecimal millis = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit));
    if (millis.compareTo(BigDecimal.ONE) < 0) {
      throw new IllegalArgumentException(
          text + " is shorter than a millisecond; for no limit write " + endless);
    }
    if (millis.compareTo(BigDecimal.valueOf(LONGEST.toMillis())) > 0) {
      throw new IllegalArgumentException(
          text + " is longer than a year; for no limit write " + endless);
    }
    return Optional.of(Duration.ofMillis(millis.setScale(0, RoundingMode.HALF_UP).longValue()));
  }

  private String bareNumber(ConfigValue value) {
    String number = Scalar.shown(value);
    String cure =
        number.matches("0+(\\.0+)?")
            ? "write " + endless + " for no limit, or give a unit"
            : number.startsWith("-")
                ? "a duration is above zero and has a unit"
                : "give a unit, such as " + number + bareUnit + "; " + habit;
    return key + " = " + number + ": " + cure;
  }
}

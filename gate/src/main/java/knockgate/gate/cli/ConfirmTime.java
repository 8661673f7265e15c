package knockgate.gate.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How long to wait for a confirmation: a number above zero with its unit, s or m. */
final class ConfirmTime implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String word) {
    if (!word.matches("[1-9]\\d{0,3}[sm]")) {
      throw new TypeConversionException(
          "\"" + word + "\" is no time to wait; write such as 60s or 5m, 9999 of either at most");
    }
    long number = Long.parseLong(word.substring(0, word.length() - 1));
    return word.endsWith("s") ? Duration.ofSeconds(number) : Duration.ofMinutes(number);
  }
}

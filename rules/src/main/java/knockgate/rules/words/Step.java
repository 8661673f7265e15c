package knockgate.rules.words;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One knock of a sequence.
 *
 * @param protocol the protocol of the packet
 * @param number destination port 1 to 65535, or for ICMP the echo request's payload length 0 to
 *     65507 in bytes
 */
public record Step(Protocol protocol, int number) {
  /** Most payload of an IPv4 echo request: 65535 bytes less its two headers (RFC 791, RFC 792). */
  static final int MOST_ECHO_PAYLOAD = 65_507;

  private static final Pattern FORM = Pattern.compile("([A-Za-z]+)/(\\d{1,9})");

  public Step {
    if (protocol != Protocol.ICMP) {
      PortRange.checkPort(number);
    } else if (number < 0 || number > MOST_ECHO_PAYLOAD) {
      throw new IllegalArgumentException(
          "an echo request carries 0 to " + MOST_ECHO_PAYLOAD + " bytes, not " + number);
    }
  }

  /**
   * Reads {@code tcp/4002}, {@code udp/7000} or {@code icmp/128}.
   *
   * @throws IllegalArgumentException with a sentence that names the mistake
   */
  public static Step parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          text.matches("\\d+")
              ? "\""
                  + text
                  + "\" is text; write "
                  + text
                  + " without quotes, or \"tcp/"
                  + text
                  + "\""
              : "\"" + text + "\" is not a knock; write 7000 (tcp), \"udp/7000\" or \"icmp/128\"");
    }
    return new Step(Protocol.named(form.group(1)), Integer.parseInt(form.group(2)));
  }

  /** Protocol and number in one, as {@link #destination(Protocol, int)} has it. */
  public int destination() {
    return destination(protocol, number);
  }

  /** {@code [ protocol 16 | number 16 ]}: where a packet goes, or a knock. */
  public static int destination(Protocol protocol, int number) {
    return protocol.number() << Character.SIZE | number;
  }

  // By hand, for the first call of a record's own takes 20 ms, in which the JVM writes 20 classes.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Step step && step.protocol == protocol && step.number == number;
  }

  @Override
  public int hashCode() {
    return number * Protocol.COUNT + protocol.number();
  }

  /** As a policy writes it, such as {@code udp/7000}. */
  @Override
  public String toString() {
    return protocol.word() + "/" + number;
  }
}

package knockgate.rules.words;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Destination ports that a door protects, both ends included.
 *
 * @param protocol TCP or UDP
 * @param first lowest port, 1 to 65535
 * @param last highest port, not below {@code first}
 */
public record PortRange(Protocol protocol, int first, int last) {
  /** The highest port there is. */
  public static final int HIGHEST = 65_535;

  private static final Pattern FORM = Pattern.compile("([A-Za-z]+)/(\\d{1,9})(?:-(\\d{1,9}))?");

  public PortRange {
    if (protocol == Protocol.ICMP) {
      throw new IllegalArgumentException("icmp has no ports to protect; write tcp or udp");
    }
    checkPort(first);
    checkPort(last);
    if (first > last) {
      throw new IllegalArgumentException(
          "%s/%d-%d runs backwards; write %1$s/%3$d-%2$d".formatted(protocol.word(), first, last));
    }
  }

  /** Throws IllegalArgumentException with a sentence for a port that does not exist. */
  static void checkPort(int port) {
    if (port < 1 || port > HIGHEST) {
      throw new IllegalArgumentException("there is no port " + port + "; write 1 to " + HIGHEST);
    }
  }

  /**
   * Reads {@code tcp/22}, {@code udp/1194} or {@code tcp/1000-1010}.
   *
   * @throws IllegalArgumentException with a sentence that names the mistake
   */
  public static PortRange parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a port or range; write such as \"tcp/22\" or \"tcp/1000-1010\"");
    }
    int first = Integer.parseInt(form.group(2));
    int last = form.group(3) == null ? first : Integer.parseInt(form.group(3));
    return new PortRange(Protocol.named(form.group(1)), first, last);
  }

  /** Whether this range holds that destination. */
  public boolean contains(Protocol other, int port) {
    return protocol == other && first <= port && port <= last;
  }

  /** As a policy writes it, such as {@code tcp/22} or {@code tcp/1000-1010}. */
  @Override
  public String toString() {
    return protocol.word() + "/" + first + (first == last ? "" : "-" + last);
  }
}

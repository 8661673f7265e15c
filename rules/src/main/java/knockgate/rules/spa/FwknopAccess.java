package knockgate.rules.spa;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the text of an access message asks for.
 *
 * @param address dotted IPv4 in host order; 0 = the packet's own source
 * @param ports in the order of the message, one at least
 */
record FwknopAccess(int address, List<Asked> ports) {
  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern ADDRESS =
      Pattern.compile(
          OCTET + "\\." + OCTET + "\\." + OCTET + "\\." + OCTET + ",(.+)", Pattern.DOTALL);
  private static final Pattern PORT = Pattern.compile("(tcp|udp|icmp|none)/(\\d{1,5})");
  private static final Pattern NAT = Pattern.compile("[^\\s/?\"'\\\\,]{1,70},(\\d{1,5})");

  FwknopAccess {
    ports = List.copyOf(ports);
  }

  /**
   * One port of the list.
   *
   * @param protocol {@code tcp}, {@code udp}, {@code icmp} or {@code none}
   * @param port 1 to 65535
   */
  record Asked(String protocol, int port) {}

  /** The request of an access message; null where its text is none. */
  static @Nullable FwknopAccess parse(String message) {
    Matcher matcher = ADDRESS.matcher(message);
    if (!matcher.matches()) {
      return null;
    }
    List<Asked> ports = new ArrayList<>();
    for (String text : matcher.group(5).split(",", -1)) {
      Matcher port = PORT.matcher(text);
      if (!port.matches() || !isPort(port.group(2))) {
        return null;
      }
      ports.add(new Asked(port.group(1), Integer.parseInt(port.group(2))));
    }
    return new FwknopAccess(address(matcher), ports);
  }

  /** Whether a text is an address and a command. */
  static boolean isCommand(String message) {
    return ADDRESS.matcher(message).matches();
  }

  /** Whether a text is {@code HOST,PORT}. */
  static boolean isNat(String text) {
    Matcher matcher = NAT.matcher(text);
    return matcher.matches() && isPort(matcher.group(1));
  }

  private static boolean isPort(String digits) {
    int port = Integer.parseInt(digits);
    return port >= 1 && port <= 65535;
  }

  private static int address(Matcher matcher) {
    int address = 0;
    for (int i = 1; i <= 4; i++) {
      address = address << 8 | Integer.parseInt(matcher.group(i));
    }
    return address;
  }
}

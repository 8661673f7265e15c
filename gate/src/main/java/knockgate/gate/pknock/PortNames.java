package knockgate.gate.pknock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ports by number or by the name of their service, as iptables takes them. */
final class PortNames {
  static final int HIGHEST_PORT = 65_535;

  /** Where the C library looks; a machine that lacks it still knows the few below. */
  private static final Path SERVICES = Path.of("/etc/services");

  private static final Map<String, Integer> WELL_KNOWN =
      Map.ofEntries(
          Map.entry("ftp", 21),
          Map.entry("ssh", 22),
          Map.entry("telnet", 23),
          Map.entry("smtp", 25),
          Map.entry("domain", 53),
          Map.entry("http", 80),
          Map.entry("pop3", 110),
          Map.entry("ntp", 123),
          Map.entry("imap2", 143),
          Map.entry("snmp", 161),
          Map.entry("ldap", 389),
          Map.entry("https", 443),
          Map.entry("submission", 587),
          Map.entry("ldaps", 636),
          Map.entry("imaps", 993),
          Map.entry("pop3s", 995),
          Map.entry("openvpn", 1194),
          Map.entry("mysql", 3306),
          Map.entry("postgresql", 5432));

  /** By protocol and name; empty until a name is asked for. */
  private final Map<String, Integer> ports = new HashMap<>();

  private void learn() {
    List.of("tcp", "udp").forEach(p -> WELL_KNOWN.forEach((name, n) -> ports.put(p + name, n)));
    if (Files.isReadable(SERVICES)) {
      try {
        Files.readAllLines(SERVICES, StandardCharsets.ISO_8859_1).forEach(this::service);
      } catch (IOException e) {
        return; // the well-known names must do; a name that is missing is refused as unknown
      }
    }
  }

  /** A line such as {@code http 80/tcp www # comment}. */
  private void service(String line) {
    String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
    String[] number = words.length < 2 ? new String[0] : words[1].split("/", -1);
    if (number.length == 2 && number[0].matches("\\d{1,5}")) {
      for (int i = 0; i < words.length; i++) {
        if (i != 1) {
          ports.put(number[1] + words[i], Integer.valueOf(number[0]));
        }
      }
    }
  }

  /**
   * A port, 0 to 65535.
   *
   * @param protocol {@code tcp} or {@code udp}
   */
  int port(String text, String protocol) throws RuleException {
    Long number = CNumbers.unsigned(text, HIGHEST_PORT);
    if (number != null) {
      return number.intValue();
    }
    if (ports.isEmpty()) {
      learn();
    }
    Integer named = ports.get(protocol + text);
    if (named == null) {
      throw new RuleException("invalid port/service `" + text + "' specified");
    }
    return named;
  }
}

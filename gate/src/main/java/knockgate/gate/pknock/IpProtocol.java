package knockgate.gate.pknock;

import java.util.Map;

/** IP protocol numbers (IANA, protocol-numbers) by the names that iptables takes. */
final class IpProtocol {
  static final int ANY = 0;
  static final int ICMP = 1;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int UDPLITE = 136;
  private static final int HIGHEST = 255;

  private static final Map<String, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry("all", ANY),
          Map.entry("icmp", ICMP),
          Map.entry("igmp", 2),
          Map.entry("ipencap", 4),
          Map.entry("tcp", TCP),
          Map.entry("udp", UDP),
          Map.entry("dccp", 33),
          Map.entry("ipv6", 41),
          Map.entry("gre", 47),
          Map.entry("esp", 50),
          Map.entry("ipsec-esp", 50),
          Map.entry("ah", 51),
          Map.entry("ipsec-ah", 51),
          Map.entry("ipv6-icmp", 58),
          Map.entry("icmpv6", 58),
          Map.entry("ospf", 89),
          Map.entry("pim", 103),
          Map.entry("ipcomp", 108),
          Map.entry("vrrp", 112),
          Map.entry("l2tp", 115),
          Map.entry("sctp", 132),
          Map.entry("mh", 135),
          Map.entry("udplite", UDPLITE));

  private IpProtocol() {}

  /** The number of a name or a number; 0 = any. */
  static int parse(String text) throws RuleException {
    Integer named = NUMBERS.get(text);
    if (named != null) {
      return named;
    }
    Long number = CNumbers.unsigned(text, HIGHEST);
    if (number == null) {
      throw new RuleException("unknown protocol \"" + text + "\" specified");
    }
    return number.intValue();
  }

  /** The usual name, or the number. */
  static String word(int number) {
    return switch (number) {
      case ICMP -> "icmp";
      case TCP -> "tcp";
      case UDP -> "udp";
      case UDPLITE -> "udplite";
      default -> "protocol " + number;
    };
  }
}

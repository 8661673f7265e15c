package knockgate.gate.conformance;

import java.util.Map;

/** IP protocol numbers (IANA, protocol-numbers) of the protocols that the corpus names. */
final class Protocols {
  static final int ICMP = 1;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int UDPLITE = 136;

  private static final Map<String, Integer> NUMBERS =
      Map.of("icmp", ICMP, "tcp", TCP, "udp", UDP, "dccp", 33, "sctp", 132, "udplite", UDPLITE);

  private Protocols() {}

  static int number(String name) {
    Integer number = NUMBERS.get(name);
    if (number == null) {
      throw new IllegalArgumentException("protocol " + name);
    }
    return number;
  }
}

package knockgate.gate.firewall;

import knockgate.rules.words.Prefix;

/** An address family, and how its tool names things. */
public enum Family {
  V4("IPv4", "iptables", "-p icmp --icmp-type echo-request", "inet", 32),
  V6("IPv6", "ip6tables", "-p ipv6-icmp --icmpv6-type echo-request", "inet6", 128);

  private final String title;
  private final String tool;
  private final String echoRequest;
  private final String ofSets;
  private final int bits;

  Family(String title, String tool, String echoRequest, String ofSets, int bits) {
    this.title = title;
    this.tool = tool;
    this.echoRequest = echoRequest;
    this.ofSets = ofSets;
    this.bits = bits;
  }

  /** The name for people. */
  public String title() {
    return title;
  }

  /** The usual tool: {@code iptables} or {@code ip6tables}. */
  public String tool() {
    return tool;
  }

  /** The match for the echo requests of this family's ICMP. */
  String echoRequest() {
    return echoRequest;
  }

  /** The family's name where ipset makes sets. */
  String ofSets() {
    return ofSets;
  }

  /** Bits of an address. */
  int bits() {
    return bits;
  }

  /** Whether a prefix is of this family. */
  boolean holds(Prefix prefix) {
    boolean v4 = prefix.length() >= 96 && Prefix.isV4(prefix.hi(), prefix.lo());
    return v4 == (this == V4);
  }
}

package knockgate.gate.e2e;

/** The two address families, with the addresses that the tests use (RFC 5737, RFC 3849). */
enum Family {
  IPV4("192.0.2.1", "192.0.2.", "iptables"),
  IPV6("2001:db8::1", "2001:db8::", "ip6tables");

  /** Where the gate stands. */
  final String server;

  /** The command of this family's rules. */
  final String iptables;

  private final String prefix;

  Family(String server, String prefix, String iptables) {
    this.server = server;
    this.prefix = prefix;
    this.iptables = iptables;
  }

  /** The address of host {@code number}, 2 to 254; the client namespace owns them all. */
  String host(int number) {
    return prefix + number;
  }

  /** The one who knows the sequence. */
  String friend() {
    return host(2);
  }

  /** One who does not. */
  String stranger() {
    return host(66);
  }

  /** The one whom the policies of these tests name as rescue. */
  String rescue() {
    return host(10);
  }
}

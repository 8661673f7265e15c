package knockgate.gate.firewall;

import java.util.Locale;

/** The tables that the gate has rules in, in the order in which a packet meets them. */
enum Table {
  MANGLE,
  FILTER;

  /** As iptables writes it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

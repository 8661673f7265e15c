package knockgate.gate.firewall;

import java.util.Arrays;
import java.util.Locale;

/** The tables that the gate has rules in, in the order in which a packet meets them. */
enum Table {
  MANGLE,
  FILTER;

  /** The table of a section that begins with {@code *mangle}, say. */
  static Table of(String line) {
    return Arrays.stream(values())
        .filter(table -> line.equals("*" + table.word()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("this is no table of the gate: " + line));
  }

  /** As iptables writes it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

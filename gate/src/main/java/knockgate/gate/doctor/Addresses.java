package knockgate.gate.doctor;

import java.util.Optional;
import knockgate.rules.words.Prefix;

/** The table {@code /proc/net/if_inet6}: address, index, prefix length, scope, flags, device. */
final class Addresses {
  private static final int DIGITS = 32;

  private Addresses() {}

  /** Whether IPv6 packets can come from outside. */
  static boolean hasV6(String table) {
    return outside(table).isPresent();
  }

  /** One address that packets can come to, for people; of global scope, if there is one. */
  static String firstV6(String table) {
    return outside(table).map(Addresses::address).orElse("none");
  }

  /** The fourth column is the scope, 00 for global; link-local addresses are reached as well. */
  private static Optional<String[]> outside(String table) {
    return table
        .lines()
        .map(line -> line.strip().split(" +"))
        .filter(columns -> columns.length == 6 && !columns[5].equals("lo"))
        .filter(columns -> columns[0].length() == DIGITS)
        .min((a, b) -> a[3].compareTo(b[3]));
  }

  private static String address(String[] columns) {
    String digits = columns[0];
    return Prefix.address(
        Long.parseUnsignedLong(digits.substring(0, DIGITS / 2), 16),
        Long.parseUnsignedLong(digits.substring(DIGITS / 2), 16));
  }
}

package knockgate.gate.pknock;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Reads numbers as the C functions do that iptables and the module's parser use. */
final class CNumbers {
  /** Largest unsigned number of 32 bits. */
  static final long MOST_32_BIT = 0xffff_ffffL;

  private CNumbers() {}

  /**
   * atoi, kept in 32 unsigned bits: what follows the digits is ignored, no digits are 0, and
   * strtol's bounds hold before 64 bits become 32 (so do glibc and the compilers of this world).
   */
  static long atoi(String text) {
    int i = skipBlanks(text);
    int start = i;
    if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
      i++;
    }
    int digits = i;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    if (i == digits) {
      return 0;
    }
    BigInteger value = new BigInteger(text.substring(start, i));
    BigInteger bounded =
        value.min(BigInteger.valueOf(Long.MAX_VALUE)).max(BigInteger.valueOf(Long.MIN_VALUE));
    return bounded.longValue() & MOST_32_BIT;
  }

  /**
   * xtables_strtoui: decimal, octal behind 0, hexadecimal behind 0x, nothing behind the digits.
   *
   * @return null if it is no such number, or above {@code max}
   */
  static @Nullable Long unsigned(String text, long max) {
    String number = text.substring(skipBlanks(text));
    if (number.startsWith("+")) {
      number = number.substring(1);
    }
    boolean hex = number.startsWith("0x") || number.startsWith("0X");
    int radix = hex ? 16 : number.startsWith("0") ? 8 : 10;
    String digits = hex ? number.substring(2) : number;
    if (digits.isEmpty()
        || digits.chars().anyMatch(c -> c >= 128 || Character.digit(c, radix) < 0)) {
      return null;
    }
    BigInteger value = new BigInteger(digits, radix);
    return value.compareTo(BigInteger.valueOf(max)) > 0 ? null : (Long) value.longValue();
  }

  private static int skipBlanks(String text) {
    int i = 0;
    while (i < text.length() && " \t\n\u000b\f\r".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return i;
  }
}

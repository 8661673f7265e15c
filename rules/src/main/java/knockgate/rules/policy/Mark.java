package knockgate.rules.policy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The packet mark of admitted packets.
 *
 * @param value bits to set, within {@code mask}; not 0, which every unmarked packet has
 * @param mask bits that belong to the gate; the others are left as they were
 */
public record Mark(int value, int mask) {
  /** What a policy without a {@code mark} sets: K, in the lowest byte. */
  public static final Mark DEFAULT = new Mark(0x4b, 0xff);

  private static final Pattern FORM =
      Pattern.compile("(0x[0-9a-fA-F]+|\\d+)/(0x[0-9a-fA-F]+|\\d+)");

  public Mark {
    if (value == 0 || mask == 0) {
      throw new IllegalArgumentException(
          "a mark of 0 is on every packet; choose bits that nobody else uses, such as " + DEFAULT);
    }
    if ((value & ~mask) != 0) {
      throw new IllegalArgumentException(
          "the mark 0x%x has bits outside its mask 0x%x; widen the mask".formatted(value, mask));
    }
  }

  /**
   * Reads {@code 0x4b/0xff}; decimal numbers are taken too.
   *
   * @throws IllegalArgumentException with a sentence that names the mistake
   */
  public static Mark parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is not a mark; write value and mask, such as \""
              + DEFAULT
              + "\", or none");
    }
    return new Mark(bits(form.group(1)), bits(form.group(2)));
  }

  private static int bits(String number) {
    try {
      return number.startsWith("0x")
          ? Integer.parseUnsignedInt(number.substring(2), 16)
          : Integer.parseUnsignedInt(number);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(number + " has more than 32 bits", e);
    }
  }

  /** The mark of a packet that came with {@code old}. */
  public int over(int old) {
    return (old & ~mask) | value;
  }

  /** As iptables writes it, such as {@code 0x4b/0xff}. */
  @Override
  public String toString() {
    return "0x" + Integer.toHexString(value) + "/0x" + Integer.toHexString(mask);
  }
}

package knockgate.rules;

/**
 * The packet mark of admitted packets.
 *
 * @param value bits to set, within {@code mask}
 * @param mask bits that belong to the gate; the others are left as they were
 */
public record Mark(int value, int mask) {
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

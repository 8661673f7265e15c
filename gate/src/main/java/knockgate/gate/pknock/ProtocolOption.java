package knockgate.gate.pknock;

/**
 * What {@code -p} said so far.
 *
 * @param number IP protocol number, {@link IpProtocol#ANY} = none was named
 * @param inverted whether a {@code !} stood before it
 */
record ProtocolOption(int number, boolean inverted) {
  static final ProtocolOption NONE = new ProtocolOption(IpProtocol.ANY, false);

  boolean isAny() {
    return number == IpProtocol.ANY && !inverted;
  }

  /** Whether the ports of TCP, UDP or UDP-Lite can be tested. */
  boolean hasPorts() {
    return !inverted
        && (number == IpProtocol.TCP || number == IpProtocol.UDP || number == IpProtocol.UDPLITE);
  }
}

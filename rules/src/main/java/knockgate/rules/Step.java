package knockgate.rules;

/**
 * One knock of a sequence.
 *
 * @param protocol the protocol of the packet
 * @param number destination port 1 to 65535, or for ICMP the echo request's payload length 0 to
 *     65535 in bytes
 */
public record Step(Protocol protocol, int number) {
  /** As a policy writes it, such as {@code udp/7000}. */
  @Override
  public String toString() {
    return protocol.word() + "/" + number;
  }
}

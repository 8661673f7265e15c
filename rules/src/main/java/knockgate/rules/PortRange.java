package knockgate.rules;

/**
 * Destination ports that a door protects, both ends included.
 *
 * @param protocol TCP or UDP
 * @param first lowest port, 1 to 65535
 * @param last highest port, not below {@code first}
 */
public record PortRange(Protocol protocol, int first, int last) {
  /** Whether this range holds that destination. */
  public boolean contains(Protocol other, int port) {
    return protocol == other && first <= port && port <= last;
  }

  /** As a policy writes it, such as {@code tcp/22} or {@code tcp/1000-1010}. */
  @Override
  public String toString() {
    return protocol.word() + "/" + first + (first == last ? "" : "-" + last);
  }
}

package knockgate.rules;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is protected and how it opens; xt_pknock's rule name.
 *
 * @param name unique in its policy
 * @param protects at least one range
 * @param trigger what opens it
 * @param autoclose how long a grant lasts; null = until it is revoked
 * @param coversV4 prefix length that a grant covers for an IPv4 peer, 1 to 32
 * @param coversV6 prefix length that a grant covers for an IPv6 peer, 1 to 128
 * @param connections connections that one grant admits, 1 to 65534; 0 = without limit
 */
public record Door(
    String name,
    List<PortRange> protects,
    Trigger trigger,
    @Nullable Duration autoclose,
    int coversV4,
    int coversV6,
    int connections) {
  public Door {
    protects = List.copyOf(protects);
  }

  /** Whether this door protects that destination. */
  public boolean protects(Protocol protocol, int port) {
    for (PortRange range : protects) {
      if (range.contains(protocol, port)) {
        return true;
      }
    }
    return false;
  }
}

package knockgate.rules.policy;

import java.time.Duration;
import java.util.List;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
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
 * @param killEstablished whether the end of a grant also cuts the connections that it admitted
 */
public record Door(
    String name,
    List<PortRange> protects,
    Trigger trigger,
    @Nullable Duration autoclose,
    int coversV4,
    int coversV6,
    int connections,
    boolean killEstablished) {
  public Door {
    protects = List.copyOf(protects);
  }

  /** A door whose established connections live on. */
  public Door(
      String name,
      List<PortRange> protects,
      Trigger trigger,
      @Nullable Duration autoclose,
      int coversV4,
      int coversV6,
      int connections) {
    this(name, protects, trigger, autoclose, coversV4, coversV6, connections, false);
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

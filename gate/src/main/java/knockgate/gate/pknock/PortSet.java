package knockgate.gate.pknock;

import java.util.BitSet;
import java.util.Set;
import java.util.TreeSet;

/** Any ports from 0 to 65535. Immutable. */
final class PortSet {
  private static final int COUNT = 1 << 16;
  private final BitSet ports;

  private PortSet(BitSet ports) {
    this.ports = ports;
  }

  /** Both ends included; none if they are the wrong way round. */
  static PortSet range(int first, int last) {
    BitSet ports = new BitSet(COUNT);
    if (first <= last) {
      ports.set(first, last + 1);
    }
    return new PortSet(ports);
  }

  PortSet or(PortSet other) {
    BitSet both = (BitSet) ports.clone();
    both.or(other.ports);
    return new PortSet(both);
  }

  PortSet inverted() {
    BitSet others = (BitSet) ports.clone();
    others.flip(0, COUNT);
    return new PortSet(others);
  }

  boolean contains(int port) {
    return ports.get(port);
  }

  /** The ports at which being in the set, or not, begins. */
  Set<Integer> cuts() {
    Set<Integer> cuts = new TreeSet<>();
    for (int port = 0; port < COUNT; ) {
      int end = ports.get(port) ? ports.nextClearBit(port) : ports.nextSetBit(port);
      port = end < 0 ? COUNT : end;
      if (port < COUNT) {
        cuts.add(port);
      }
    }
    return cuts;
  }
}

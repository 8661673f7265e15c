package knockgate.gate.pknock;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Packets that no rule tells apart by protocol and destination port.
 *
 * @param protocol IP protocol number
 * @param first lowest destination port; 0 for protocols without ports
 * @param last highest destination port; 0 for protocols without ports
 */
record Traffic(int protocol, int first, int last) {
  private static final List<Integer> WITH_PORTS =
      List.of(IpProtocol.TCP, IpProtocol.UDP, IpProtocol.UDPLITE);

  /** A protocol that no rule names stands for all the others. */
  private static final int ANY_OTHER = 253;

  /** All traffic there is, cut where the rules change what becomes of it. */
  static List<Traffic> kinds(List<Rule> rules) {
    Set<Integer> cuts = new TreeSet<>(Set.of(0));
    Set<Integer> others = new TreeSet<>(Set.of(IpProtocol.ICMP, ANY_OTHER));
    for (Rule rule : rules) {
      for (Test test : rule.tests()) {
        if (test instanceof Test.To to) {
          cuts.addAll(to.ports().cuts());
        } else if (test instanceof Knock knock) {
          knock.ports().forEach(port -> cuts.addAll(Set.of(port, port + 1)));
        } else if (test instanceof Test.Protocol protocol) {
          others.add(protocol.number());
        }
      }
    }
    cuts.remove(PortNames.HIGHEST_PORT + 1);
    List<Traffic> kinds = new ArrayList<>();
    for (int protocol : WITH_PORTS) {
      Integer first = null;
      for (int cut : cuts) {
        if (first != null) {
          kinds.add(new Traffic(protocol, first, cut - 1));
        }
        first = cut;
      }
      kinds.add(new Traffic(protocol, first == null ? 0 : first, PortNames.HIGHEST_PORT));
    }
    WITH_PORTS.forEach(others::remove);
    others.forEach(protocol -> kinds.add(new Traffic(protocol, 0, 0)));
    return kinds;
  }

  boolean hasPorts() {
    return WITH_PORTS.contains(protocol);
  }

  /** For people: {@code tcp/22}, {@code udp/1000-1010}, {@code icmp}. */
  @Override
  public String toString() {
    String word = IpProtocol.word(protocol);
    if (!hasPorts()) {
      return word;
    }
    return word + "/" + first + (first == last ? "" : "-" + last);
  }
}

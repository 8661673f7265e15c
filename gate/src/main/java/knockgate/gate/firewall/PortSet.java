package knockgate.gate.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Destination ports, as ranges that neither overlap nor touch. Not for several threads. */
final class PortSet {
  /** Most slots of one multiport match; a range takes two (XT_MULTI_PORTS in xt_multiport.h). */
  private static final int MULTIPORT_SLOTS = 15;

  private static final int LAST = 65535;

  /** First port to last port of each range. */
  private final SortedMap<Integer, Integer> ranges = new TreeMap<>();

  /** Adds {@code first} to {@code last}, both included. */
  void add(int first, int last) {
    int low = first;
    int high = last;
    var touching = ranges.headMap(high + 2).entrySet().iterator();
    while (touching.hasNext()) {
      var range = touching.next();
      if (range.getValue() >= low - 1) {
        low = Math.min(low, range.getKey());
        high = Math.max(high, range.getValue());
        touching.remove();
      }
    }
    ranges.put(low, high);
  }

  /** Adds every port. */
  void addAll() {
    add(0, LAST);
  }

  /** Whether every port is in. */
  boolean isAll() {
    return Integer.valueOf(LAST).equals(ranges.get(0));
  }

  /**
   * Matches that together hold these ports, each to stand behind {@code -p tcp } or {@code -p udp }
   * and itself followed by a space if it is not empty. One empty match if every port is in, none if
   * no port is.
   */
  List<String> matches() {
    if (isAll()) {
      return List.of("");
    }
    List<String> matches = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    int slots = 0;
    for (var range : ranges.entrySet()) {
      int needed = range.getKey().equals(range.getValue()) ? 1 : 2;
      if (slots + needed > MULTIPORT_SLOTS) {
        matches.add(match(ports));
        ports.clear();
        slots = 0;
      }
      ports.add(needed == 1 ? "" + range.getKey() : range.getKey() + ":" + range.getValue());
      slots += needed;
    }
    if (!ports.isEmpty()) {
      matches.add(match(ports));
    }
    return matches;
  }

  private static String match(List<String> ports) {
    return ports.size() == 1
        ? "--dport " + ports.get(0) + " "
        : "-m multiport --dports " + String.join(",", ports) + " ";
  }
}

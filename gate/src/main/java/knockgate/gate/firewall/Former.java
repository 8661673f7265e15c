package knockgate.gate.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What stood of the gate in one table: enough to put it back where it was, whatever the gate has
 * there by then and whatever others have changed beside it.
 *
 * @param chains the gate's own chains
 * @param rules the rules in them, as {@code iptables -S} prints them
 * @param places where INPUT jumped to the gate: how many rules of others stood before each jump
 */
record Former(List<String> chains, List<String> rules, List<Integer> places) {
  private static final String INPUT = "-A INPUT ";

  Former {
    chains = List.copyOf(chains);
    rules = List.copyOf(rules);
    places = List.copyOf(places);
  }

  /** Reads what {@code iptables -S} prints of a table. */
  static Former parse(String listing) {
    List<Integer> places = new ArrayList<>();
    int others = 0;
    for (String line : listing.lines().toList()) {
      if (line.equals(Section.JUMP)) {
        places.add(others);
      } else if (line.startsWith(INPUT)) {
        others++;
      }
    }
    List<String> ours =
        listing
            .lines()
            .filter(line -> Section.CHAINS.stream().anyMatch(c -> line.startsWith("-A " + c + " ")))
            .toList();
    return new Former(Installed.parse(listing).chains(), ours, places);
  }

  /**
   * The section that puts this in place of what is there now; empty = there is nothing to do. Where
   * fewer rules of others are left than stood before a jump, it goes behind the last of them.
   *
   * @param listing what {@code iptables -S} prints of the table now
   */
  String replacing(Table table, String listing) {
    Installed now = Installed.parse(listing);
    if (now.isNothing() && chains.isEmpty() && places.isEmpty()) {
      return "";
    }
    int others = (int) listing.lines().filter(line -> line.startsWith(INPUT)).count() - now.jumps();
    List<String> jumps =
        IntStream.range(0, places.size())
            .mapToObj(i -> "-I INPUT " + (Math.min(places.get(i), others) + i + 1))
            .map(place -> place + " -j " + Section.ENTRY)
            .toList();
    return Section.restoring(table, now, chains, rules, jumps);
  }
}

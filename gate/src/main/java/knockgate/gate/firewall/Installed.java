package knockgate.gate.firewall;

import java.util.List;

/**
 * What is there of the gate in one table.
 *
 * @param jumps rules in INPUT that jump to the gate's chain; one, if all is well
 * @param chains the gate's own chains
 */
record Installed(int jumps, List<String> chains) {
  /** Nothing at all. */
  static final Installed NOTHING = new Installed(0, List.of());

  Installed {
    chains = List.copyOf(chains);
  }

  /** Reads what {@code iptables -S} prints of a table. */
  static Installed parse(String listing) {
    List<String> lines = listing.lines().toList();
    int jumps = (int) lines.stream().filter(Section.JUMP::equals).count();
    List<String> chains =
        lines.stream()
            .filter(line -> line.startsWith("-N "))
            .map(line -> line.substring("-N ".length()))
            .filter(Section.CHAINS::contains)
            .toList();
    return new Installed(jumps, chains);
  }

  boolean isNothing() {
    return jumps == 0 && chains.isEmpty();
  }
}

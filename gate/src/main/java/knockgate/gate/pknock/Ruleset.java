package knockgate.gate.pknock;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The filter table, as far as it has been read.
 *
 * @param chains rules by chain; INPUT is always there
 * @param accepts the policy of INPUT
 * @param elsewhere how many rules were passed over, since they are of other tables or IPv6
 */
record Ruleset(Map<String, List<Rule>> chains, boolean accepts, int elsewhere) {
  static final String INPUT = "INPUT";

  /** The rules of a chain; none if there is no such chain. */
  List<Rule> chain(String name) {
    return chains.getOrDefault(name, List.of());
  }

  boolean hasChain(String name) {
    return chains.containsKey(name);
  }

  /** Every rule that a packet to this machine can meet, in the order of the chains. */
  List<Rule> reachable() {
    return reachableChains().stream().flatMap(name -> chain(name).stream()).toList();
  }

  /** INPUT and what it jumps to. */
  Set<String> reachableChains() {
    Set<String> reached = new java.util.LinkedHashSet<>(Set.of(INPUT));
    int before = 0;
    while (before < reached.size()) {
      before = reached.size();
      Set<String> targets =
          reached.stream()
              .flatMap(name -> chain(name).stream())
              .map(rule -> rule.target().name())
              .filter(this::hasChain)
              .collect(Collectors.toCollection(TreeSet::new));
      reached.addAll(targets);
    }
    return reached;
  }

  /** Rules with a knock test that no packet to this machine can meet. */
  List<Rule> strayKnocks() {
    Set<String> reached = reachableChains();
    return chains.entrySet().stream()
        .filter(chain -> !reached.contains(chain.getKey()))
        .flatMap(chain -> chain.getValue().stream())
        .filter(Objects::nonNull)
        .filter(rule -> !rule.isPlain())
        .toList();
  }
}

package knockgate.gate.firewall;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import knockgate.gate.fault.Failure;
import org.jspecify.annotations.Nullable;

/** Rules that are in place until they are kept or taken back. */
public final class RulesOnTrial {
  /** The signals of a session that ends may hit the tools at their work, some of them twice. */
  private static final int TRIES = 5;

  private static final long BETWEEN_TRIES_MS = 200;

  private final Firewall firewall;
  private final Map<Iptables, Map<Table, Former>> former = new LinkedHashMap<>();
  private final Set<String> formerSets;
  private @Nullable String warning;
  private boolean asksSets;

  /** Remembers what stands now. */
  RulesOnTrial(Firewall firewall, List<Iptables> families, Set<String> sets) {
    this.firewall = firewall;
    formerSets = sets;
    for (Iptables tool : families) {
      Map<Table, Former> tables = new EnumMap<>(Table.class);
      for (Table table : Table.values()) {
        tables.put(table, Former.parse(tool.listing(table)));
      }
      former.put(tool, tables);
    }
  }

  /**
   * The new rules are in place.
   *
   * @param sets whether they were to ask kernel sets
   * @param without why they are without kernel sets; null = they are as they should be
   */
  void begun(boolean sets, @Nullable String without) {
    asksSets = sets && without == null;
    warning = without;
  }

  /** Why kernel sets were left out; null = all is as the policy says. */
  public @Nullable String warning() {
    return warning;
  }

  /**
   * The new rules stay.
   *
   * @return which kernel sets were left behind, and why; null = none
   */
  public @Nullable String keep() {
    return asksSets ? null : firewall.removeSets(Set.of());
  }

  /**
   * What stood before stands again: the gate's chains with their rules, its jumps in their places.
   * Kernel sets that were there stay as they are. Takes several attempts where the first fails.
   *
   * @return which kernel sets were left behind, and why; null = none
   * @throws Failure in the words of the tool that refused
   */
  public @Nullable String takeBack() {
    for (int left = TRIES; left > 0; left--) {
      try {
        firewall.change(this::formerText);
        break;
      } catch (Failure e) {
        if (left == 1) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BETWEEN_TRIES_MS));
      }
    }
    return firewall.removeSets(formerSets);
  }

  private String formerText(Iptables tool) {
    StringBuilder text = new StringBuilder();
    former
        .getOrDefault(tool, Map.of())
        .forEach((table, was) -> text.append(was.replacing(table, tool.listing(table))));
    return text.toString();
  }
}

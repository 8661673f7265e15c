package knockgate.gate.firewall;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import knockgate.gate.fault.Failure;
import org.jspecify.annotations.Nullable;

/**
 * The gate's rules in the kernel. Nothing but the gate's own chains, the jumps to them and its own
 * sets is ever touched.
 */
public final class Firewall {
  private final List<Iptables> families;

  /**
   * Finds the tools of the families, before anything is changed.
   *
   * @param variant {@code iptables}, {@code iptables-nft} or {@code iptables-legacy}, with or
   *     without a path
   * @throws Failure if a tool is missing
   */
  public Firewall(String variant, Set<Family> families) {
    this.families = families.stream().map(family -> new Iptables(variant, family)).toList();
  }

  /**
   * Puts the rules in place of what is there of the gate; twice is harmless. Where a kernel set
   * cannot be had, the rules without it are put in place.
   *
   * @return why kernel sets were left out, or left behind; null = all is as the policy says
   * @throws Failure in the words of the tool that refused
   */
  public @Nullable String apply(FirewallRules rules) {
    String without = put(rules);
    String left = rules.sets() == null || without != null ? removeSets() : null;
    return without != null ? without : left;
  }

  /**
   * The same with rules that were kept. A family of which none were kept stays as it is.
   *
   * @return why kernel sets were left out; null = all is as it was
   * @throws Failure in the words of the tool that refused
   */
  public @Nullable String apply(KeptRules rules) {
    return put(
        rules.askSets() ? () -> makeSets(rules) : null,
        tool -> rules.text(tool.family(), true, tool::installed),
        tool -> rules.text(tool.family(), false, tool::installed));
  }

  /**
   * The same, as long as nobody takes it back: what stood before is remembered, and kernel sets
   * that the new rules do not ask stay until they are kept.
   *
   * @throws Failure in the words of the tool that refused; what stood before stands again then
   */
  public RulesOnTrial tryOut(FirewallRules rules) {
    RulesOnTrial trial = new RulesOnTrial(this, families, ourSets());
    try {
      trial.begun(rules.sets() != null, put(rules));
      return trial;
    } catch (Failure e) {
      try {
        trial.takeBack();
      } catch (Failure worse) {
        e.addSuppressed(worse);
      }
      throw e;
    }
  }

  /** Puts the rules in place, and takes no set away. */
  private @Nullable String put(FirewallRules rules) {
    KernelSets sets = rules.sets();
    return put(
        sets == null ? null : () -> makeSets(sets),
        tool -> rules.text(tool.family(), tool::installed),
        tool -> rules.plain().text(tool.family(), tool::installed));
  }

  private @Nullable String put(
      @Nullable Runnable makeSets,
      Function<Iptables, String> wanted,
      Function<Iptables, String> withoutSets) {
    if (makeSets == null) {
      change(wanted);
      return null;
    }
    try {
      makeSets.run();
      change(wanted);
      return null;
    } catch (Failure e) {
      change(withoutSets); // Fails in its own words if it was not for the sets.
      return "without the kernel set, so every packet that a strict door must see comes to the"
          + " queue: "
          + e.sentence();
    }
  }

  /**
   * Takes away what is there of the gate; when nothing is, nothing happens.
   *
   * @return which kernel sets were left behind, and why; null = none
   * @throws Failure in the words of the tool that refused
   */
  public @Nullable String remove() {
    change(tool -> FirewallRules.removal(tool::installed));
    return removeSets();
  }

  private void makeSets(KernelSets sets) {
    Ipset ipset = new Ipset();
    Set<String> installed = ipset.installed();
    families.forEach(tool -> ipset.restore(sets.text(tool.family(), installed)));
  }

  private void makeSets(KeptRules rules) {
    Ipset ipset = new Ipset();
    families.stream()
        .map(tool -> rules.sets(tool.family()))
        .filter(text -> !text.isEmpty())
        .forEach(ipset::restore);
  }

  private @Nullable String removeSets() {
    return removeSets(Set.of());
  }

  /**
   * Takes away the gate's sets.
   *
   * @param but those that stay
   * @return which were left behind, and why; null = none
   */
  @Nullable String removeSets(Set<String> but) {
    List<String> going = ourSets().stream().filter(set -> !but.contains(set)).toList();
    try {
      if (!going.isEmpty()) {
        new Ipset().destroy(going);
      }
      return null;
    } catch (Failure e) {
      return "kernel sets are left behind: " + e.sentence();
    }
  }

  /** The gate's sets that there are. Where sets cannot even be listed, there are none of ours. */
  private Set<String> ourSets() {
    Set<String> installed;
    try {
      installed = new Ipset().installed();
    } catch (Failure e) {
      return Set.of();
    }
    return families.stream()
        .flatMap(tool -> KernelSets.names(tool.family()).stream())
        .filter(installed::contains)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Everything that is in one family's tables, the gate's or not, as iptables-save prints it.
   *
   * @param variant as for the constructor
   * @throws Failure if the tool is missing, or in its words if it refuses
   */
  public static String saved(String variant, Family family) {
    return new Iptables(variant, family).saved();
  }

  /** All of it is tried out before any of it is done: a refusal leaves everything as it was. */
  void change(Function<Iptables, String> wanted) {
    Map<Iptables, String> texts = new LinkedHashMap<>();
    families.forEach(tool -> texts.put(tool, wanted.apply(tool)));
    texts.forEach(Iptables::test);
    texts.forEach(Firewall::restore);
  }

  /** Between trial and deed somebody else may have changed something. */
  private static void restore(Iptables tool, String text) {
    try {
      tool.restore(text);
    } catch (Failure e) {
      throw new Failure(
          e.exitCode(),
          e.sentence()
              + "; some tables may have changed already: try again, or knockgate rules --remove",
          e);
    }
  }
}

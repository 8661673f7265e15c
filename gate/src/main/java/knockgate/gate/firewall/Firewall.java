package knockgate.gate.firewall;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import knockgate.gate.Failure;

/**
 * The gate's rules in the kernel. Nothing but the gate's own chains and the jumps to them is ever
 * touched.
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
   * Puts the rules in place of what is there of the gate; twice is harmless.
   *
   * @throws Failure in the words of the tool that refused
   */
  public void apply(FirewallRules rules) {
    change(tool -> rules.text(tool.family(), tool::installed));
  }

  /**
   * Takes away what is there of the gate; when nothing is, nothing happens.
   *
   * @throws Failure in the words of the tool that refused
   */
  public void remove() {
    change(tool -> FirewallRules.removal(tool::installed));
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
  private void change(Function<Iptables, String> wanted) {
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

package knockgate.gate.firewall;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Rules without the policy that they came from: what a machine can start with when its policy is
 * wrong. As a text, one part behind each head line:
 *
 * <pre>
 *   == IPv4 rules          for iptables-restore --noflush
 *   == IPv4 without sets   the same where the kernel sets cannot be had; left out without sets
 *   == IPv4 sets           for ipset restore; left out without sets
 * </pre>
 *
 * and so for IPv6. They tell of ports and rescue addresses, and hold no secret of a door.
 */
public final class KeptRules {
  private static final String HEAD = "== ";
  private static final String RULES = " rules";
  private static final String PLAIN = " without sets";
  private static final String SETS = " sets";

  private final Map<Family, One> families;

  /** The rules of one family, with the sets and without; the text of the sets, or an empty one. */
  private record One(List<Section> rules, List<Section> plain, String sets) {}

  private KeptRules(Map<Family, One> families) {
    this.families = families;
  }

  /** Writes rules down. */
  public static String text(FirewallRules rules, Set<Family> families) {
    StringBuilder text = new StringBuilder();
    KernelSets sets = rules.sets();
    for (Family family : families) {
      part(text, family, RULES, rules.text(family));
      if (sets != null) {
        part(text, family, PLAIN, rules.plain().text(family));
        part(text, family, SETS, sets.text(family));
      }
    }
    return text.toString();
  }

  private static void part(StringBuilder text, Family family, String name, String part) {
    text.append(HEAD).append(family.title()).append(name).append('\n').append(part);
  }

  /**
   * The parts of a text that are about other families.
   *
   * @param text may be anything
   */
  public static String others(String text, Set<Family> families) {
    StringBuilder others = new StringBuilder();
    parts(text)
        .forEach(
            (head, part) -> {
              if (families.stream().noneMatch(family -> head.startsWith(family.title()))) {
                others.append(HEAD).append(head).append('\n').append(part);
              }
            });
    return others.toString();
  }

  /**
   * Reads them again.
   *
   * @throws IllegalArgumentException if they are no such text, or more than the gate's own rules
   */
  public static KeptRules parse(String text) {
    Map<String, String> parts = parts(text);
    Map<Family, One> families = new EnumMap<>(Family.class);
    for (Family family : Family.values()) {
      String rules = parts.get(family.title() + RULES);
      if (rules != null) {
        String plain = parts.getOrDefault(family.title() + PLAIN, rules);
        String sets = parts.getOrDefault(family.title() + SETS, "");
        families.put(family, new One(Section.parse(rules), Section.parse(plain), sets));
      }
    }
    if (families.isEmpty()) {
      throw new IllegalArgumentException("no rules are in it");
    }
    return new KeptRules(families);
  }

  private static Map<String, String> parts(String text) {
    Map<String, String> parts = new HashMap<>();
    String head = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith(HEAD)) {
        head = line.substring(HEAD.length());
      } else {
        parts.merge(head, line + "\n", String::concat);
      }
    }
    return parts;
  }

  /** Whether they ask kernel sets. */
  boolean askSets() {
    return families.values().stream().anyMatch(one -> !one.sets.isEmpty());
  }

  /** What {@code ipset restore -exist} reads; empty = nothing. */
  String sets(Family family) {
    One one = families.get(family);
    return one == null ? "" : one.sets;
  }

  /**
   * What iptables-restore reads to put them in place of what is there; empty = nothing of them is
   * of this family.
   *
   * @param asking whether they may ask sets
   */
  String text(Family family, boolean asking, Function<Table, Installed> installed) {
    One one = families.get(family);
    return one == null ? "" : FirewallRules.text(asking ? one.rules : one.plain, installed);
  }
}

package knockgate.gate.firewall;

import java.util.List;
import java.util.stream.Collectors;
import knockgate.rules.policy.Policy;

/** Rules as text, without what a test is not about. */
final class RulesText {
  private RulesText() {}

  /** The rules without their comments. */
  static String rules(Policy policy, Layout layout, Family family) {
    return new FirewallRules(policy, layout)
        .text(family)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  /** The matches of the packets that are queued, whoever sends them. */
  static List<String> queued(Policy policy, Layout layout, Family family) {
    return matches(policy, layout, family, "-A KNOCKGATE ", " -g KNOCKGATE-QUEUE");
  }

  /** Those that are queued from the peers of a kernel set. */
  static List<String> queuedStrays(Policy policy, Layout layout, Family family) {
    return matches(policy, layout, family, "-A KNOCKGATE-STRAYS ", " -g KNOCKGATE-QUEUE");
  }

  /** The kernel sets that are asked for them. */
  static List<String> asked(Policy policy, Layout layout, Family family) {
    return matches(
        policy, layout, family, "-A KNOCKGATE -m set --match-set ", " src -j KNOCKGATE-STRAYS");
  }

  private static List<String> matches(
      Policy policy, Layout layout, Family family, String before, String after) {
    return rules(policy, layout, family)
        .lines()
        .filter(line -> line.startsWith(before) && line.endsWith(after))
        .map(line -> line.substring(before.length(), line.length() - after.length()))
        .toList();
  }
}

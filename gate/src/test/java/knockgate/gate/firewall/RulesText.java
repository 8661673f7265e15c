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

  /** The matches of the packets that are queued. */
  static List<String> queued(Policy policy, Layout layout, Family family) {
    String before = "-A KNOCKGATE ";
    String after = " -g KNOCKGATE-QUEUE";
    return rules(policy, layout, family)
        .lines()
        .filter(line -> line.endsWith(after))
        .map(line -> line.substring(before.length(), line.length() - after.length()))
        .toList();
  }
}

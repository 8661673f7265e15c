package knockgate.gate.doctor;

import java.util.ArrayList;
import java.util.List;
import knockgate.gate.firewall.Family;
import knockgate.gate.firewall.SavedRules;
import knockgate.rules.policy.QueueSpec;

/**
 * A rule that hands packets to a queue of the policy.
 *
 * @param rules all rules of the tool that has it
 * @param tool that tool, by its name for IPv4
 * @param table the table that it stands in
 * @param chain the chain of that table
 * @param text the rule
 */
record QueueRule(SavedRules rules, String tool, String table, String chain, String text) {
  private static final String BALANCE = "--queue-balance";

  /** Every such rule. */
  static List<QueueRule> of(QueueSpec queue, List<Machine.Firewall> firewalls) {
    List<QueueRule> found = new ArrayList<>();
    for (Machine.Firewall firewall : firewalls) {
      SavedRules rules = SavedRules.parse(firewall.saved());
      for (String table : rules.tables()) {
        for (String chain : rules.chains(table)) {
          rules.rules(table, chain).stream()
              .map(text -> new QueueRule(rules, firewall.tool(), table, chain, text))
              .filter(rule -> rule.feeds(queue))
              .forEach(found::add);
        }
      }
    }
    return found;
  }

  private boolean feeds(QueueSpec queue) {
    ForeignRule rule = new ForeignRule(text);
    if (!rule.target().equals("NFQUEUE")) {
      return false;
    }
    String[] ends = (rule.after("--queue-num") + rule.after(BALANCE)).split(":", -1);
    try {
      int first = ends[0].isEmpty() ? 0 : Integer.parseInt(ends[0]);
      int last = ends[0].isEmpty() ? 0 : Integer.parseInt(ends[ends.length - 1]);
      return first < queue.number() + queue.count() && queue.number() <= last;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** The command that takes it away. */
  String deletion(Family family) {
    String familysTool = tool.replaceFirst("iptables", family.tool());
    return String.join(" ", familysTool, "-t", table, "-D", chain, text);
  }

  /**
   * Whether, with the gate down, this rule lets everybody in: a bypassed packet skips the rest of
   * the table's chain and its policy, so only a closed filter table behind it helps.
   */
  boolean opensWithoutGate() {
    return text.contains("--queue-bypass") && (table.equals("filter") || !rules.hasGate("filter"));
  }
}

package knockgate.gate.doctor;

import java.util.ArrayList;
import java.util.List;
import knockgate.gate.firewall.SavedRules;
import knockgate.rules.policy.QueueSpec;

/**
 * A rule that hands packets to a queue of the policy.
 *
 * @param rules all rules of the tool that has it
 * @param table the table that it stands in
 * @param text the rule
 */
record QueueRule(SavedRules rules, String table, String text) {
  private static final String BALANCE = "--queue-balance";

  /** Every such rule. */
  static List<QueueRule> of(QueueSpec queue, List<Machine.Firewall> firewalls) {
    List<QueueRule> found = new ArrayList<>();
    for (Machine.Firewall firewall : firewalls) {
      SavedRules rules = SavedRules.parse(firewall.saved());
      for (String table : rules.tables()) {
        for (String chain : rules.chains(table)) {
          rules.rules(table, chain).stream()
              .map(text -> new QueueRule(rules, table, text))
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

  /**
   * Whether, with the gate down, this rule lets everybody in: a bypassed packet skips the rest of
   * the table's chain and its policy, so only a closed filter table behind it helps.
   */
  boolean opensWithoutGate() {
    return text.contains("--queue-bypass") && (table.equals("filter") || !rules.hasGate("filter"));
  }
}

package knockgate.gate.doctor;

import java.util.ArrayList;
import java.util.List;
import knockgate.gate.firewall.Family;
import knockgate.gate.firewall.FirewallRules;
import knockgate.gate.firewall.Layout;
import knockgate.gate.firewall.SavedRules;
import knockgate.rules.policy.Policy;

/**
 * The gate's rules of one family: all there, as the policy wants them, and reached before anybody
 * else decides.
 */
final class FamilyRules {
  private static final String ABOUT = "rules";
  private static final String INPUT = "INPUT";
  private static final String JUMP = "-j " + FirewallRules.ENTRY;

  private final Policy policy;
  private final Family family;
  private final SavedRules there;
  private final Layout layout;
  private final SavedRules wanted;
  private final String suspects;
  private final String cure;
  private final List<Finding> findings = new ArrayList<>();

  private FamilyRules(
      Policy policy,
      Family family,
      SavedRules there,
      FirewallRules wanted,
      Layout layout,
      String suspects,
      String cure) {
    this.policy = policy;
    this.family = family;
    this.there = there;
    this.layout = layout;
    this.wanted = SavedRules.parse(wanted.text(family));
    this.suspects = suspects;
    this.cure = cure;
  }

  /**
   * What is wrong with rules of which at least a part is there.
   *
   * @param found the layout of what is there
   * @param suspects who may have taken rules away, behind a sentence
   * @param cure the command that puts the rules right
   */
  static List<Finding> findings(
      Policy policy, Family family, SavedRules there, Layout found, String suspects, String cure) {
    // Without a mark the policy can have the other layout only: then nothing of the mark is right.
    Layout layout = policy.mark() == null ? Layout.DIRECT : found;
    FirewallRules wanted = new FirewallRules(policy, layout);
    FamilyRules rules = new FamilyRules(policy, family, there, wanted, layout, suspects, cure);
    if (rules.isRight() || wanted.sets() == null) {
      return rules.findings;
    }
    FamilyRules plain =
        new FamilyRules(policy, family, there, wanted.plain(), layout, suspects, setsAnd(cure));
    if (!plain.isRight()) {
      return rules.findings;
    }
    plain.find(
        "the rules are without the kernel set, so every packet that a strict door must see comes"
            + " to the queue");
    return plain.findings;
  }

  /**
   * What puts rules in place that ask sets, also where those could not be had for want of a tool.
   */
  private static String setsAnd(String cure) {
    return "apt install ipset && " + cure;
  }

  private boolean isRight() {
    wanted.tables().forEach(this::lookAt);
    return findings.isEmpty();
  }

  private void lookAt(String table) {
    for (String chain : wanted.chains(table)) {
      if (!chain.equals(INPUT)) {
        compare(table, chain);
      }
    }
    List<String> input = there.rules(table, INPUT);
    long jumps = input.stream().filter(JUMP::equals).count();
    if (jumps == 0) {
      find(
          "%s/INPUT does not lead to the gate, so %s%s".formatted(table, outcome(table), suspects));
    } else {
      if (jumps > 1) {
        find("%s/INPUT leads to the gate %d times".formatted(table, jumps));
      }
      input.subList(0, input.indexOf(JUMP)).stream()
          .filter(rule -> decides(table, rule))
          .findFirst()
          .ifPresent(rule -> inFront(table, rule));
    }
  }

  private void compare(String table, String chain) {
    List<String> want = wanted.rules(table, chain);
    List<String> have = there.rules(table, chain);
    String place = table + "/" + chain;
    if (!there.chains(table).contains(chain)) {
      find("there is no chain " + place + ", so " + outcome(table) + suspects);
    } else if (have.isEmpty()) {
      find("the chain " + place + " is empty, so " + outcome(table) + suspects);
    } else if (!have.equals(want)) {
      find("the chain " + place + " is not that of the policy: " + difference(want, have));
    }
  }

  private static String difference(List<String> want, List<String> have) {
    for (String rule : want) {
      if (!have.contains(rule)) {
        return "it lacks \"" + rule + "\"";
      }
    }
    for (String rule : have) {
      if (!want.contains(rule)) {
        return "\"" + rule + "\" does not belong there";
      }
    }
    return "its rules are in another order, or twice";
  }

  /** What it means if packets do not come by the gate's rules in a table. */
  private String outcome(String table) {
    return layout == Layout.MARK && table.equals("mangle")
        ? "no packet comes to the gate and no door opens"
        : "the protected ports stand open";
  }

  /** iptables allows no loop of chains, so this ends. */
  private boolean decides(String table, String text) {
    ForeignRule rule = new ForeignRule(text);
    // in mangle it is about knocks too, and in the other layout both are in filter
    boolean protectedOnly = layout == Layout.MARK && table.equals("filter");
    if (!rule.decidesOnNew() || (protectedOnly && !rule.concerns(policy.doors()))) {
      return false;
    }
    return !there.chains(table).contains(rule.target())
        || there.rules(table, rule.target()).stream().anyMatch(inner -> decides(table, inner));
  }

  private void inFront(String table, String rule) {
    find("in %s/INPUT \"%s\" stands before the gate and decides first".formatted(table, rule));
  }

  private void find(String sentence) {
    findings.add(new Finding(ABOUT, family.title() + ": " + sentence, cure));
  }
}

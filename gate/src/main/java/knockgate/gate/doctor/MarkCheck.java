package knockgate.gate.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import knockgate.gate.firewall.FirewallRules;
import knockgate.gate.firewall.SavedRules;
import knockgate.rules.policy.Mark;

/**
 * Whether somebody else uses bits of the gate's mark. The gate clears them on packets that arrive
 * for this machine and sets them on those it admits, so who else reads or sets them on the way in
 * is misled, or misleads the gate.
 */
final class MarkCheck {
  /** What packets never pass that end at this machine, or pass before the gate's rules. */
  private static final Set<String> ELSEWHERE = Set.of("FORWARD", "OUTPUT", "POSTROUTING");

  private static final Pattern USE =
      Pattern.compile("(?:--set-x?mark|--mark|fwmark) (0x[0-9a-f]+|\\d+)(?:/(0x[0-9a-f]+|\\d+))?");

  private final Mark mark;
  private final List<Finding> findings = new ArrayList<>();

  /** Every bit that somebody was seen to use. */
  private int used;

  private MarkCheck(Mark mark) {
    this.mark = mark;
    used = mark.mask();
  }

  /** Each use of the mark's bits in a rule of the firewall or of routing, once. */
  static List<Finding> findings(Mark mark, Machine machine) {
    MarkCheck check = new MarkCheck(mark);
    List<String> uses = new ArrayList<>();
    machine.firewalls().values().stream()
        .flatMap(List::stream)
        .forEach(firewall -> addUses(uses, SavedRules.parse(firewall.saved())));
    machine.routing().lines().map(String::strip).forEach(uses::add);
    List<String> meeting = uses.stream().distinct().filter(check::meets).toList();
    meeting.forEach(check::find);
    return check.findings;
  }

  private static void addUses(List<String> uses, SavedRules rules) {
    for (String table : rules.tables()) {
      for (String chain : rules.chains(table)) {
        if (!chain.startsWith(FirewallRules.ENTRY) && !ELSEWHERE.contains(chain)) {
          rules.rules(table, chain).forEach(rule -> uses.add("-A " + chain + " " + rule));
        }
      }
    }
  }

  /** A use without a mask is one of all bits. A connection's mark is another thing. */
  private boolean meets(String text) {
    Matcher use = USE.matcher(text);
    if (text.toLowerCase(Locale.ROOT).contains("connmark") || !use.find()) {
      return false;
    }
    int value = bits(use.group(1));
    int mask = use.group(2) == null ? -1 : bits(use.group(2));
    used |= use.group(2) == null ? value : mask;
    return (mask & mark.mask()) != 0;
  }

  private static int bits(String number) {
    return Long.decode(number).intValue();
  }

  private void find(String text) {
    findings.add(
        new Finding(
            "mark",
            "the bits of the gate's mark %s are used by \"%s\" too".formatted(mark, text),
            free()));
  }

  private String free() {
    for (int shift = Byte.SIZE; shift < Integer.SIZE; shift += Byte.SIZE) {
      int mask = 0xff << shift;
      if ((used & mask) == 0) {
        return "write mark = \""
            + new Mark(0x4b << shift, mask)
            + "\" in the policy, then knockgate rules --apply and restart the gate";
      }
    }
    return "choose bits for mark in the policy that nobody uses; ip rule and iptables-save tell";
  }
}

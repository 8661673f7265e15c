package knockgate.gate.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import knockgate.gate.firewall.Family;
import knockgate.gate.firewall.Layout;
import knockgate.gate.firewall.SavedRules;
import knockgate.rules.policy.Policy;

/** Whether both families have the gate's rules, once, and who may have taken them away. */
final class RulesCheck {
  /** Chains by which a firewall program is known. */
  private static final Map<String, String> SIGNS =
      Map.of(
          "ufw-before-input", "ufw",
          "ufw-user-input", "ufw",
          "DOCKER-USER", "docker",
          "INPUT_direct", "firewalld",
          "INPUT_ZONES", "firewalld");

  private final Policy policy;
  private final Machine machine;
  private final String rulesCommand;
  private final List<Finding> findings = new ArrayList<>();

  private RulesCheck(Policy policy, Machine machine, String rulesCommand) {
    this.policy = policy;
    this.machine = machine;
    this.rulesCommand = rulesCommand;
  }

  /**
   * What is wrong with the rules.
   *
   * @param rulesCommand {@code knockgate rules} with the option that names the policy
   */
  static List<Finding> findings(Policy policy, Machine machine, String rulesCommand) {
    RulesCheck check = new RulesCheck(policy, machine, rulesCommand);
    boolean any = machine.firewalls().keySet().stream().anyMatch(check::hasRules);
    for (Family family : Family.values()) {
      check.lookAt(family, any);
    }
    return check.findings;
  }

  private boolean hasRules(Family family) {
    return gates(family).size() > 0 || !feeding(family).isEmpty();
  }

  /** The tools of a family that have rules of the gate. */
  private List<Machine.Firewall> gates(Family family) {
    return machine.firewalls().getOrDefault(family, List.of()).stream()
        .filter(firewall -> SavedRules.parse(firewall.saved()).layout() != null)
        .toList();
  }

  /** Rules of somebody else that feed a queue of the policy. */
  private List<QueueRule> feeding(Family family) {
    return QueueRule.of(policy.queue(), machine.firewalls().getOrDefault(family, List.of()));
  }

  private void lookAt(Family family, boolean anyFamily) {
    List<Machine.Firewall> gates = gates(family);
    String refusal = machine.refusals().get(family);
    if (family == Family.V6 && gates.isEmpty() && !Addresses.hasV6(machine.addressesV6())) {
      return;
    }
    if (refusal != null) {
      find(family, "rules", "the rules cannot be read: " + refusal, apply(family));
    } else if (gates.isEmpty() && !feeding(family).isEmpty()) {
      find(
          family,
          "rules",
          "queue "
              + policy.queue().number()
              + " is fed by rules that are not the gate's own, which"
              + " doctor cannot judge; with the gate's in place, take them away",
          apply(family));
    } else if (gates.isEmpty()) {
      missing(family, anyFamily);
    } else {
      present(family, gates);
    }
  }

  private void missing(Family family, boolean anyFamily) {
    boolean forgotten = family == Family.V6 && anyFamily;
    find(
        family,
        forgotten ? "ipv6" : "rules",
        forgotten
            ? "the gate's rules were forgotten, and "
                + Addresses.firstV6(machine.addressesV6())
                + " is an address of this machine: whoever comes by IPv6 passes every door"
            : "there are no rules of the gate, so nothing is protected" + suspects(family),
        apply(family));
  }

  private void present(Family family, List<Machine.Firewall> gates) {
    Machine.Firewall first = gates.get(0);
    if (gates.size() > 1) {
      find(
          family,
          "rules",
          first.tool() + " and " + gates.get(1).tool() + " both have rules of the gate",
          rulesCommand + " --iptables " + gates.get(1).tool() + " --remove");
    }
    SavedRules there = SavedRules.parse(first.saved());
    Layout layout = there.layout();
    if (layout != null) {
      boolean mark = layout == Layout.MARK && policy.mark() != null;
      String cure = apply(family) + (mark ? "" : " --layout " + Layout.DIRECT);
      boolean usual = first.tool().equals(machine.tool());
      findings.addAll(
          FamilyRules.findings(
              policy,
              family,
              there,
              layout,
              suspects(family),
              cure + (usual ? "" : " --iptables " + first.tool())));
    }
  }

  private String apply(Family family) {
    return rulesCommand + (family == Family.V4 ? " -4" : " -6") + " --apply";
  }

  /** Only said when something was lost: most firewall programs leave the gate alone. */
  private String suspects(Family family) {
    Set<String> names = others(family);
    return names.isEmpty()
        ? ""
        : "; "
            + String.join(" and ", names)
            + " may have flushed them, and may do so again at the next reload";
  }

  private Set<String> others(Family family) {
    Set<String> names = new TreeSet<>(machine.programs());
    names.addAll(
        machine.firewalls().getOrDefault(family, List.of()).stream()
            .map(firewall -> SavedRules.parse(firewall.saved()))
            .flatMap(saved -> saved.chains("filter").stream())
            .filter(SIGNS::containsKey)
            .map(SIGNS::get)
            .collect(Collectors.toSet()));
    return names;
  }

  private void find(Family family, String about, String sentence, String cure) {
    findings.add(new Finding(about, family.title() + ": " + sentence, cure));
  }
}

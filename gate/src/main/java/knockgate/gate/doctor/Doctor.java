package knockgate.gate.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import knockgate.gate.firewall.Family;
import knockgate.gate.firewall.SavedRules;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Mark;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.Spa;

/** Everything that is not as it should be, worst first. */
public final class Doctor {
  private Doctor() {}

  /**
   * Looks at this machine with a policy in hand. Changes nothing.
   *
   * @param rulesCommand {@code knockgate rules} with the option that names the policy, for cures
   * @throws knockgate.gate.fault.Failure if iptables is not installed, or may not be asked
   */
  public static List<Finding> examine(Policy policy, String rulesCommand) {
    return findings(policy, MachineReader.read(policy.queue()), rulesCommand);
  }

  static List<Finding> findings(Policy policy, Machine machine, String rulesCommand) {
    List<Finding> all = new ArrayList<>(RulesCheck.findings(policy, machine, rulesCommand));
    all.addAll(bypasses(policy, machine));
    all.addAll(detours(policy, machine));
    all.addAll(redirections(policy, machine));
    all.addAll(QueueCheck.findings(policy.queue(), machine));
    Mark mark = policy.mark();
    if (mark != null) {
      all.addAll(MarkCheck.findings(mark, machine));
    }
    boolean cuts = policy.doors().stream().anyMatch(Door::killEstablished);
    all.addAll(ModuleCheck.findings(machine.modules(), policy.usesKernelSet(), cuts));
    all.addAll(clock(policy, machine.clockSynchronised()));
    return all;
  }

  /** Rules that let everybody in as soon as the gate is down. */
  static List<Finding> bypasses(Policy policy, Machine machine) {
    return machine.firewalls().entrySet().stream()
        .flatMap(
            family ->
                QueueRule.of(policy.queue(), family.getValue()).stream()
                    .filter(QueueRule::opensWithoutGate)
                    .map(
                        rule ->
                            new Finding(
                                "bypass",
                                family.getKey().title()
                                    + ": \""
                                    + rule.text()
                                    + "\" in "
                                    + rule.table()
                                    + " opens every door when the gate is down",
                                rule.deletion(family.getKey()))))
        .toList();
  }

  /** Protected ports that are sent on to another machine before the gate sees them. */
  static List<Finding> detours(Policy policy, Machine machine) {
    return machine.firewalls().entrySet().stream()
        .flatMap(
            family ->
                family.getValue().stream()
                    .map(firewall -> SavedRules.parse(firewall.saved()))
                    .flatMap(Doctor::forwardings)
                    .filter(rule -> rule.concerns(policy.doors()))
                    .map(
                        rule ->
                            new Finding(
                                "detour",
                                family.getKey().title()
                                    + ": \""
                                    + rule.text()
                                    + "\" sends a protected port on before the gate sees it",
                                "publish it on loopback only, such as docker run -p"
                                    + " 127.0.0.1:8080:80, with a proxy on this machine")))
        .toList();
  }

  private static Stream<ForeignRule> forwardings(SavedRules rules) {
    return translations(rules)
        .filter(rule -> rule.target().equals("DNAT") && !rule.after("-d").startsWith("127."));
  }

  private static Stream<ForeignRule> translations(SavedRules rules) {
    return rules.chains("nat").stream()
        .filter(chain -> !chain.equals("OUTPUT")) // only what this machine itself begins
        .flatMap(chain -> rules.rules("nat", chain).stream())
        .map(ForeignRule::new);
  }

  /** Protected ports that lead to another one, which is what the gate sees, and protects not. */
  static List<Finding> redirections(Policy policy, Machine machine) {
    List<Finding> findings = new ArrayList<>();
    machine
        .firewalls()
        .forEach(
            (family, firewalls) ->
                firewalls.stream()
                    .flatMap(firewall -> translations(SavedRules.parse(firewall.saved())))
                    .filter(rule -> rule.concerns(policy.doors()))
                    .filter(rule -> !rule.redirectedTo().isEmpty())
                    .filter(rule -> !new ForeignRule(rule.redirectedTo()).concerns(policy.doors()))
                    .forEach(rule -> findings.add(redirection(family, rule))));
    return findings;
  }

  private static Finding redirection(Family family, ForeignRule rule) {
    String sentence =
        "%s: \"%s\" leads a protected port to one that no door protects"
            .formatted(family.title(), rule.text());
    String port = rule.after("-p") + "/" + rule.after("--to-ports");
    return new Finding(
        "detour",
        sentence,
        "write \""
            + port
            + "\" in the door's protects, too, then knockgate rules --apply and reload");
  }

  /** A clock that drifts is told where messages or rotating knocks count on it. */
  static List<Finding> clock(Policy policy, boolean synchronised) {
    List<String> doors =
        policy.doors().stream()
            .filter(door -> door.trigger() instanceof Spa || door.trigger() instanceof Rotating)
            .map(door -> door.name())
            .toList();
    return synchronised || doors.isEmpty()
        ? List.of()
        : List.of(
            new Finding(
                "clock",
                "the clock is not synchronised, and messages and rotating knocks go by it (of "
                    + String.join(", ", doors)
                    + ")",
                "timedatectl set-ntp true (or run chrony, with rtcsync)"));
  }
}

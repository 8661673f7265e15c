package knockgate.gate.pknock;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Turns rules with xt_pknock tests into a policy that gives the same verdicts, or says what stands
 * in the way. All or nothing: rules lean on each other, and half of them would mean something else.
 *
 * <p>The verdicts are the same but for what the gate does differently on purpose, with every
 * policy: every gap is timed, late attempts and closed grants do not count any more, membership
 * rules may stand anywhere.
 */
public final class PknockImport {
  private PknockImport() {}

  /**
   * Imports rules.
   *
   * @param lines iptables commands, the output of iptables-save, or bare rules of INPUT
   * @param accepts the policy of INPUT where the lines do not say
   * @param stricter whether the policy may let less through than the rules do
   */
  public static Imported of(List<String> lines, boolean accepts, boolean stricter) {
    Refusals refusals = new Refusals();
    Ruleset ruleset = new RulesetReader(accepts, refusals).read(lines);
    RuleCheck.check(ruleset, refusals);
    List<String> left = plain(ruleset);
    if (!refusals.isEmpty()) {
      return refused(refusals, left);
    }
    Doors doors = Mapping.doors(ruleset, stricter, refusals);
    if (!refusals.isEmpty()) {
      return refused(refusals, left);
    }
    List<String> notes = notes(ruleset, doors);
    return new Imported(PolicyText.of(doors), List.of(), left, doors.restDecides(), notes);
  }

  private static Imported refused(Refusals refusals, List<String> left) {
    return new Imported("", refusals.list(), left, false, List.of());
  }

  private static List<String> plain(Ruleset ruleset) {
    return ruleset.reachable().stream().filter(Rule::isPlain).map(Rule::text).toList();
  }

  private static List<String> notes(Ruleset ruleset, Doors doors) {
    List<String> notes = new ArrayList<>(doors.differences());
    Set<String> names = new HashSet<>();
    for (ImportedDoor door : doors.doors()) {
      names.add(door.name());
      if (door.isBeyondPolicy()) {
        notes.add("door " + door.name() + ": no limit of a policy is longer than a year");
      }
    }
    for (Rule rule : ruleset.reachable()) {
      for (Knock knock : rule.knocks()) {
        if (!knock.judges() && !(knock.checkip() && names.contains(knock.name()))) {
          notes.add("left out, since it never matches: " + rule.text());
        }
      }
    }
    if (ruleset.elsewhere() > 0) {
      notes.add(ruleset.elsewhere() + " rules of other tables or of IPv6 were not looked at");
    }
    return notes;
  }
}

package knockgate.gate.pknock;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import knockgate.gate.pknock.Encounter.Kind;
import knockgate.rules.words.Prefix;

/** Finds the rules that always admit a source, whatever it sends: a policy's {@code rescue}. */
final class Rescues {
  private Rescues() {}

  /** The prefixes that every path admits before anything could drop their packets. */
  static Set<Prefix> of(List<Rule> rules, List<Path> paths) {
    Set<Prefix> rescue = new LinkedHashSet<>();
    for (Rule rule : rules) {
      boolean isPure = rule.tests().size() == 1 && rule.target().accepts();
      if (isPure
          && rule.tests().get(0) instanceof Test.From from
          && paths.stream().allMatch(path -> alwaysAdmits(path, rule))) {
        rescue.add(from.prefix());
      }
    }
    return rescue;
  }

  private static boolean alwaysAdmits(Path path, Rule rule) {
    for (Encounter encounter : path.encounters()) {
      if (encounter.rule().equals(rule)) {
        return true;
      }
      if (encounter.kind() == Kind.SHUT || encounter.kind() == Kind.MAY_DROP) {
        return false;
      }
    }
    return path.accepted();
  }

  /** The path without what only concerns rescued sources. */
  static Path without(Set<Prefix> rescue, Path path) {
    return path.with(
        path.encounters().stream()
            .filter(
                encounter -> !(encounter.kind() == Kind.MAY_ACCEPT && rescues(rescue, encounter)))
            .toList());
  }

  private static boolean rescues(Set<Prefix> rescue, Encounter encounter) {
    List<Test> tests = encounter.rule().tests();
    return tests.size() == 1
        && tests.get(0) instanceof Test.From from
        && rescue.contains(from.prefix());
  }
}

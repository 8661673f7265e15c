package knockgate.gate.pknock;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import knockgate.gate.pknock.Encounter.Kind;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Finds the doors that do what the rules do: for every kind of traffic the same peers are admitted,
 * the same doors judge it, and everybody else gets the same verdict. Where no doors do, it says
 * why.
 *
 * <p>A policy does this with a packet: the doors in order, each admits it if the peer is in and the
 * destination protected, else judges it; then DROP if the destination is protected or a step of any
 * door; then {@code unmatched}. The rules do what {@link Path} says. Both are compared, path by
 * path.
 */
final class Mapping {
  private final Ruleset ruleset;
  private final boolean stricter;
  private final Refusals refusals;
  private final Map<String, ImportedDoor> doors = new LinkedHashMap<>();

  /** Names whose members are dropped where they would be admitted. */
  private final Set<String> shutThemselves = new HashSet<>();

  private Mapping(Ruleset ruleset, boolean stricter, Refusals refusals) {
    this.ruleset = ruleset;
    this.stricter = stricter;
    this.refusals = refusals;
  }

  /**
   * Finds the doors.
   *
   * @param ruleset its knock rules have passed {@link RuleCheck}
   * @param stricter whether the policy may let less through than the rules do
   * @param refusals where refusals are noted; if there are any, the result is of no use
   */
  static Doors doors(Ruleset ruleset, boolean stricter, Refusals refusals) {
    return new Mapping(ruleset, stricter, refusals).map();
  }

  private Doors map() {
    List<Rule> rules = ruleset.reachable();
    rules.forEach(this::noteDoors);
    List<Path> walked = walk(rules);
    if (walked == null) {
      return new Doors(List.of(), List.of(), Verdict.DROP, false, List.of());
    }
    Set<Prefix> rescue = Rescues.of(rules, walked);
    Simplifier simplifier = new Simplifier(doors, refusals);
    List<Path> paths = new ArrayList<>();
    for (Path path : walked) {
      noteShut(path);
      Path simple = simplifier.simplify(Rescues.without(rescue, path));
      protect(simple);
      paths.add(simple);
    }
    checkDoorsOpen();
    Agreement agreement = new Agreement(doors, stricter, refusals);
    paths.forEach(agreement::check);
    Set<Verdict> verdicts = verdictsElsewhere(paths);
    return new Doors(
        sorted(paths),
        List.copyOf(rescue),
        verdicts.contains(Verdict.ACCEPT) ? Verdict.ACCEPT : Verdict.DROP,
        verdicts.size() > 1,
        agreement.differences());
  }

  /** The path of every kind of traffic; null where one could not be walked to its end. */
  private @Nullable List<Path> walk(List<Rule> rules) {
    List<Path> walked = new ArrayList<>();
    for (Traffic traffic : Traffic.kinds(rules)) {
      Path path = Walk.of(ruleset, traffic, refusals);
      if (path == null) {
        return null;
      }
      walked.add(path);
    }
    return walked;
  }

  private void noteDoors(Rule rule) {
    for (Knock knock : rule.knocks()) {
      if (knock.judges()) {
        doors.put(knock.name(), new ImportedDoor(rule));
      }
    }
  }

  private void noteShut(Path path) {
    Set<String> shut = new HashSet<>();
    for (Encounter encounter : path.encounters()) {
      if (encounter.kind() == Kind.SHUT) {
        shut.add(encounter.name());
      } else if (encounter.kind() == Kind.ADMIT && shut.contains(encounter.name())) {
        shutThemselves.add(encounter.name());
      }
    }
  }

  private void protect(Path path) {
    for (Encounter encounter : path.encounters()) {
      ImportedDoor door = doors.get(encounter.name());
      if (encounter.kind() == Kind.ADMIT && door != null) {
        if (path.traffic().protocol() == IpProtocol.UDPLITE) {
          refusals.add(
              Cause.NOT_OURS,
              encounter.rule(),
              "it admits UDP-Lite, which no door protects",
              "write -p tcp or -p udp");
        } else {
          door.protect(path.traffic());
        }
      }
    }
  }

  private void checkDoorsOpen() {
    if (doors.isEmpty()) {
      refusals.add(
          Cause.OPENS_NOTHING,
          "",
          "no rule of these judges a knock: there is no door to make",
          "give the rules that have --knockports");
    }
    for (ImportedDoor door : doors.values()) {
      if (!door.protects().isEmpty()) {
        continue;
      }
      if (shutThemselves.contains(door.name())) {
        refusals.add(
            Cause.DROPS_WHAT_IT_OPENS,
            door.rule(),
            "it drops every packet that it opens for, before the rule that would admit it",
            "put the rule with --checkip above it, or leave out its target; as it is, these rules"
                + " never let anybody in");
      } else {
        refusals.add(
            Cause.OPENS_NOTHING,
            door.rule(),
            "whoever knocks is let in nowhere",
            "add the rule with --checkip that admits, or take this one out");
      }
    }
  }

  private Set<Verdict> verdictsElsewhere(List<Path> paths) {
    Set<Verdict> verdicts = EnumSet.noneOf(Verdict.class);
    for (Path path : paths) {
      boolean ours =
          doors.values().stream()
              .anyMatch(door -> door.protects(path.traffic()) || door.isStep(path.traffic()));
      if (!ours && path.mayBeAccepted()) {
        verdicts.add(Verdict.ACCEPT);
      }
      if (!ours && path.mayBeDropped()) {
        verdicts.add(Verdict.DROP);
      }
    }
    return verdicts;
  }

  private List<ImportedDoor> sorted(List<Path> paths) {
    DoorOrder order = new DoorOrder(doors);
    paths.forEach(order::learn);
    List<ImportedDoor> sorted = order.sorted();
    for (ImportedDoor door : doors.values()) {
      if (!sorted.contains(door)) {
        refusals.add(
            Cause.RULE_ORDER,
            door.rule(),
            "it must stand both before and behind another door: their rules take turns",
            "put all rules of a name together");
      }
    }
    return sorted;
  }
}

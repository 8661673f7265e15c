package knockgate.gate.pknock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import knockgate.gate.pknock.Encounter.Kind;

/**
 * Takes out of a path what changes no verdict and nobody's progress, and refuses what no door can
 * do. What is left is what a policy has to do as well: judge, and admit.
 */
final class Simplifier {
  private final Map<String, ImportedDoor> doors;
  private final Refusals refusals;

  /**
   * @param doors by name
   * @param refusals where refusals are noted
   */
  Simplifier(Map<String, ImportedDoor> doors, Refusals refusals) {
    this.doors = doors;
    this.refusals = refusals;
  }

  /** The path with only JUDGE and ADMIT that matter, and MAY_ACCEPT and MAY_DROP behind them. */
  Path simplify(Path path) {
    List<Encounter> live = withoutDead(path);
    List<Encounter> left = new ArrayList<>();
    // of the doors that are still to come; a list of forbidden sources may be long, this is short
    Deque<Encounter> doorsBehind =
        new ArrayDeque<>(live.stream().filter(Simplifier::isDoor).toList());
    for (int i = 0; i < live.size(); i++) {
      Encounter encounter = live.get(i);
      if (encounter.kind() == Kind.SHUT) {
        checkShut(path, encounter, live.subList(i + 1, live.size()));
      } else {
        left.add(encounter);
        if (isDoor(encounter)) {
          doorsBehind.removeFirst();
        } else {
          checkMay(path, encounter, doorsBehind);
        }
      }
    }
    return path.with(left);
  }

  private static boolean isDoor(Encounter encounter) {
    return encounter.kind() == Kind.JUDGE || encounter.kind() == Kind.ADMIT;
  }

  /**
   * A gate leaves the other UDP of a peer alone whose message opened the door, where the module's
   * rule that judges messages takes it. What another rule drops for who is in stays dropped.
   */
  private static boolean isUntouched(Path path, Encounter encounter, ImportedDoor door) {
    return encounter.kind() == Kind.SHUT
        && door.hasSecrets()
        && encounter.rule().equals(door.rule())
        && !door.isStep(path.traffic());
  }

  /** Without what cannot happen any more, or happens to nobody. */
  private List<Encounter> withoutDead(Path path) {
    List<Encounter> live = new ArrayList<>();
    Set<String> notIn = new HashSet<>();
    Set<String> judged = new HashSet<>();
    for (Encounter encounter : path.encounters()) {
      ImportedDoor door = doors.get(encounter.name());
      if (door == null && encounter.name().isEmpty()) {
        live.add(encounter);
      }
      if (door == null || isUntouched(path, encounter, door)) {
        continue; // or membership of a name that nobody can join
      }
      boolean mayHaveOpened = judged.contains(door.name()) && door.isLastStep(path.traffic());
      if (encounter.kind() == Kind.JUDGE && !door.judges(path.traffic())) {
        continue; // no packet of this kind is a knock for it
      }
      if (encounter.kind() == Kind.JUDGE) {
        if (!judged.add(door.name())) {
          refuseJudgedTwice(encounter, path);
        }
        live.add(encounter);
      } else if (mayHaveOpened && encounter.kind() == Kind.ADMIT && !door.hasSecrets()) {
        refuseAnswered(encounter, path, door);
      } else if (mayHaveOpened || notIn.add(door.name())) {
        live.add(encounter);
      }
    }
    return live;
  }

  private void refuseJudgedTwice(Encounter judge, Path path) {
    refuse(
        Cause.RULE_ORDER,
        judge.rule(),
        path,
        "are judged twice by this rule",
        "jump to its chain only once");
  }

  private void refuseAnswered(Encounter admit, Path path, ImportedDoor door) {
    refuse(
        Cause.RULE_ORDER,
        admit.rule(),
        path,
        "are admitted while they are the last knock themselves, which a policy never answers",
        "put the rule above " + door.rule().text());
  }

  /** A peer who is in loses these packets: harmless only where nobody gets them anywhere. */
  private void checkShut(Path path, Encounter shut, List<Encounter> behind) {
    boolean changes = path.accepted();
    for (Encounter encounter : behind) {
      boolean own = encounter.name().equals(shut.name());
      changes |= encounter.kind() == Kind.MAY_ACCEPT;
      changes |= !own && (encounter.kind() == Kind.JUDGE || encounter.kind() == Kind.ADMIT);
    }
    if (changes) {
      refuse(
          Cause.RULE_ORDER,
          shut.rule(),
          path,
          "are dropped by this rule for a peer who is in, before a later rule sees them",
          "put the rule at the end, or leave out its target");
    }
  }

  private void checkMay(Path path, Encounter may, Deque<Encounter> doorsBehind) {
    for (Encounter door : doorsBehind) {
      refuse(
          Cause.HIDDEN,
          may.rule(),
          path,
          "partly end at this rule and do not come to " + door.rule().text(),
          "a policy cannot say which packets: import without this rule, if the doors may see all");
    }
  }

  private void refuse(Cause cause, Rule rule, Path path, String sentence, String cure) {
    refusals.add(cause, rule, "packets to " + path.traffic() + " " + sentence, cure);
  }
}

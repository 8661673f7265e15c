package knockgate.gate.pknock;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import knockgate.gate.pknock.Encounter.Kind;

/** Compares what doors do with packets with what the rules do. */
final class Agreement {
  private final Map<String, ImportedDoor> doors;
  private final boolean stricter;
  private final Refusals refusals;

  /** Sentences by what they are about, so that each is said once. */
  private final Map<String, String> differences = new LinkedHashMap<>();

  /**
   * @param doors by name; what they protect is known
   * @param stricter whether the doors may let less through than the rules do
   * @param refusals where refusals are noted
   */
  Agreement(Map<String, ImportedDoor> doors, boolean stricter, Refusals refusals) {
    this.doors = doors;
    this.stricter = stricter;
    this.refusals = refusals;
  }

  /** Compares one simplified path. */
  void check(Path path) {
    checkMessages(path);
    Set<String> judging = new HashSet<>();
    for (Encounter encounter : path.encounters()) {
      if (encounter.kind() == Kind.JUDGE) {
        judging.add(encounter.name());
      }
    }
    for (ImportedDoor door : doors.values()) {
      if (door.judges(path.traffic()) && !judging.contains(door.name())) {
        checkHidden(path, door);
      }
      if (path.mayBeAccepted()) {
        checkStrangers(path, door);
      }
    }
  }

  /** A gate looks for messages before it admits anything, and lets no message through. */
  private void checkMessages(Path path) {
    Rule admits = null;
    for (Encounter encounter : path.encounters()) {
      ImportedDoor door = doors.get(encounter.name());
      if (encounter.kind() == Kind.ADMIT) {
        admits = encounter.rule();
      } else if (admits != null && door != null && door.hasSecrets()) {
        refusals.add(
            Cause.RULE_ORDER,
            admits,
            "it admits packets to " + path.traffic() + " before they can close " + door.name(),
            "put it behind " + door.rule().text());
      }
    }
    for (ImportedDoor door : doors.values()) {
      if (admits != null && door.hasSecrets() && door.isStep(path.traffic())) {
        refusals.add(
            Cause.ADMITS_MESSAGES,
            admits,
            "it admits what goes to " + path.traffic() + ", the port of messages to " + door.name(),
            "name the ports that it opens: --dport");
      }
    }
  }

  /** Where the doors are stricter than the rules; nowhere, unless they may be. */
  List<String> differences() {
    return List.copyOf(differences.values());
  }

  /** The door would judge packets that the rules keep from it. */
  private void checkHidden(Path path, ImportedDoor door) {
    String because = path.last() == null ? "" : ", because of " + path.last().text();
    if (door.isStep(path.traffic())) {
      refusals.add(
          Cause.HIDDEN,
          door.rule(),
          "knocks to " + path.traffic() + " never come to its knock test" + because,
          "put -m pknock before the test of the destination, and the rule above others");
    } else if (stricter) {
      differences.putIfAbsent(
          "hidden " + door.name() + because,
          "door "
              + door.name()
              + ": "
              + sees(door)
              + ", and now also those that did not come to it, such as to "
              + path.traffic()
              + because);
    } else {
      refusals.add(
          Cause.HIDDEN,
          door.rule(),
          sees(door) + ", and packets to " + path.traffic() + " do not come to it" + because,
          "let them come to it, or have a door that sees them: --stricter");
    }
  }

  private static String sees(ImportedDoor door) {
    return door.hasSecrets()
        ? "it can be closed on any UDP port"
        : "it is strict and sees all packets";
  }

  /** Strangers must be dropped where a door protects, and where a knock goes. */
  private void checkStrangers(Path path, ImportedDoor door) {
    if (door.protects(path.traffic())) {
      refusals.add(
          Cause.GUARDS_NOTHING,
          door.rule(),
          "packets to " + path.traffic() + " are accepted without a knock" + byWhom(path),
          "let the rules behind it, or the chain's policy, drop them");
    } else if (door.isStep(path.traffic()) && stricter) {
      differences.putIfAbsent(
          "knock " + path.traffic(),
          "knocks to " + path.traffic() + " are dropped now; they were let through");
    } else if (door.isStep(path.traffic())) {
      refusals.add(
          Cause.KNOCKS_LET_THROUGH,
          door.rule(),
          "knocks to " + path.traffic() + " are let through" + byWhom(path) + "; a gate drops them",
          "drop them behind the rule, or have a gate that does: --stricter");
    }
  }

  private static String byWhom(Path path) {
    for (Encounter encounter : path.encounters()) {
      if (encounter.kind() == Kind.MAY_ACCEPT) {
        return " by " + encounter.rule().text();
      }
    }
    return path.last() == null ? " by the chain's policy" : " by " + path.last().text();
  }
}

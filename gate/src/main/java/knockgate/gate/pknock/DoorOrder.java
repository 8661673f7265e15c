package knockgate.gate.pknock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import knockgate.gate.pknock.Encounter.Kind;

/**
 * Which door has to stand before which. It matters where one door judges a packet that another
 * admits: behind the door that admits, a packet is seen by no other. Messages come first anyway.
 */
final class DoorOrder {
  private final Map<String, ImportedDoor> doors;

  /** Doors that must stand before a door. */
  private final Map<String, Set<String>> before = new LinkedHashMap<>();

  /**
   * @param doors by name, in the order of their rules, which is kept where nothing speaks against
   *     it
   */
  DoorOrder(Map<String, ImportedDoor> doors) {
    this.doors = doors;
    doors.keySet().forEach(name -> before.put(name, new LinkedHashSet<>()));
  }

  /** Learns from a simplified path. */
  void learn(Path path) {
    List<Encounter> encounters = path.encounters();
    for (int at = 0; at < encounters.size(); at++) {
      if (encounters.get(at).kind() == Kind.ADMIT) {
        learn(encounters, at);
      }
    }
  }

  private void learn(List<Encounter> encounters, int admitAt) {
    String admits = encounters.get(admitAt).name();
    for (int at = 0; at < encounters.size(); at++) {
      Encounter other = encounters.get(at);
      ImportedDoor judging = doors.get(other.name());
      boolean depends = judging != null && !judging.hasSecrets();
      if (other.kind() == Kind.JUDGE && depends && !other.name().equals(admits)) {
        String second = at < admitAt ? admits : other.name();
        before
            .getOrDefault(second, new LinkedHashSet<>())
            .add(at < admitAt ? other.name() : admits);
      }
    }
  }

  /** The doors in an order that does as the rules do; doors that have none are left out. */
  List<ImportedDoor> sorted() {
    Map<String, ImportedDoor> left = new LinkedHashMap<>(doors);
    List<ImportedDoor> sorted = new ArrayList<>();
    boolean found = true;
    while (found) {
      found = false;
      for (ImportedDoor door : List.copyOf(left.values())) {
        Set<String> earlier = before.getOrDefault(door.name(), Set.of());
        if (earlier.stream().noneMatch(left::containsKey)) {
          left.remove(door.name());
          sorted.add(door);
          found = true;
          break;
        }
      }
    }
    return sorted;
  }
}

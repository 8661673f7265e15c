package knockgate.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which doors a destination concerns, in one look: a packet costs the same with one door and with
 * two hundred that it does not concern. Immutable.
 */
final class DoorIndex {
  /** What one destination means. Doors are indexes of the policy, ascending. */
  static final class Entry {
    /** Doors that protect it. */
    final int[] protectors;

    /** Doors whose sequence begins with it. */
    final int[] firstSteps;

    /** Doors that have it anywhere in their sequence. */
    final int[] steps;

    Entry(List<Integer> protectors, List<Integer> firstSteps, List<Integer> steps) {
      this.protectors = ints(protectors);
      this.firstSteps = ints(firstSteps);
      this.steps = ints(steps);
    }
  }

  private static final int NUMBERS = 1 << 16;
  private static final Entry NOTHING = new Entry(List.of(), List.of(), List.of());

  /** Per protocol: number to place in {@link #entries}; null = no door names the protocol. */
  private final char[] @Nullable [] places = new char[Protocol.COUNT][];

  private final Entry[] entries;

  DoorIndex(List<Door> doors) {
    List<Entry> known = new ArrayList<>(List.of(NOTHING));
    Map<List<List<Integer>>, Character> placeOf = new HashMap<>();
    placeOf.put(List.of(List.of(), List.of(), List.of()), (char) 0);
    for (Protocol protocol : Protocol.values()) {
      NavigableSet<Integer> cuts = cuts(doors, protocol);
      if (!cuts.isEmpty()) {
        places[protocol.number()] = fill(doors, protocol, cuts, known, placeOf);
      }
    }
    entries = known.toArray(new Entry[0]);
  }

  /** The numbers at which the answer changes. */
  private static NavigableSet<Integer> cuts(List<Door> doors, Protocol protocol) {
    NavigableSet<Integer> cuts = new TreeSet<>();
    for (Door door : doors) {
      for (PortRange range : door.protects()) {
        if (range.protocol() == protocol) {
          cuts.add(range.first());
          cuts.add(range.last() + 1);
        }
      }
      for (Step step : steps(door)) {
        if (step.protocol() == protocol) {
          cuts.add(step.number());
          cuts.add(step.number() + 1);
        }
      }
    }
    return cuts;
  }

  private static List<Step> steps(Door door) {
    return ((Sequence) door.trigger()).steps();
  }

  private static char[] fill(
      List<Door> doors,
      Protocol protocol,
      NavigableSet<Integer> cuts,
      List<Entry> known,
      Map<List<List<Integer>>, Character> placeOf) {
    char[] place = new char[NUMBERS];
    for (int start : cuts) {
      Integer next = cuts.higher(start);
      if (start < NUMBERS && next != null) {
        List<List<Integer>> meaning = meaning(doors, protocol, start);
        Character at = placeOf.get(meaning);
        if (at == null) {
          at = (char) known.size();
          known.add(new Entry(meaning.get(0), meaning.get(1), meaning.get(2)));
          placeOf.put(meaning, at);
        }
        Arrays.fill(place, start, next, at);
      }
    }
    return place;
  }

  private static List<List<Integer>> meaning(List<Door> doors, Protocol protocol, int number) {
    List<Integer> protectors = new ArrayList<>();
    List<Integer> firstSteps = new ArrayList<>();
    List<Integer> anySteps = new ArrayList<>();
    Step wanted = new Step(protocol, number);
    for (int i = 0; i < doors.size(); i++) {
      Door door = doors.get(i);
      if (door.protects(protocol, number)) {
        protectors.add(i);
      }
      if (steps(door).get(0).equals(wanted)) {
        firstSteps.add(i);
      }
      if (steps(door).contains(wanted)) {
        anySteps.add(i);
      }
    }
    return List.of(protectors, firstSteps, anySteps);
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  /** What a packet's destination means. */
  Entry at(Packet packet) {
    Protocol protocol = packet.protocol;
    if (protocol == null) {
      return NOTHING;
    }
    char[] place = places[protocol.number()];
    return place == null ? NOTHING : entries[place[packet.dstPort & NUMBERS - 1]];
  }
}

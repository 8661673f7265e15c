package knockgate.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.Spa;
import knockgate.rules.policy.Trigger;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import org.jspecify.annotations.Nullable;

/**
 * Which doors a destination concerns, in one look: a packet costs the same with one door and with
 * two hundred that it does not concern. Immutable.
 */
final class DoorIndex {
  /** What one destination means. Doors are in the policy's order. */
  static final class Entry {
    /** Doors that protect it. */
    final DoorPlan[] protectors;

    /** Fixed sequences that begin with it. */
    final Course[] firstSteps;

    /** Doors that have it anywhere in their fixed sequence. */
    final DoorPlan[] steps;

    /** Rotating doors whose range holds it. */
    final DoorPlan[] rotating;

    /** Whether anything may begin with it. */
    final boolean begins;

    /** Doors whose messages go there, or may: indexes of the policy. */
    final int[] messages;

    Entry(List<List<Integer>> meaning, DoorPlan[] doors) {
      this.protectors = plans(meaning.get(0), doors);
      this.firstSteps =
          Arrays.stream(plans(meaning.get(1), doors))
              .map(door -> Objects.requireNonNull(door.course))
              .toArray(Course[]::new);
      this.steps = plans(meaning.get(2), doors);
      this.rotating = plans(meaning.get(3), doors);
      this.begins = firstSteps.length + rotating.length > 0;
      this.messages = meaning.get(4).stream().mapToInt(Integer::intValue).toArray();
    }

    private static DoorPlan[] plans(List<Integer> indexes, DoorPlan[] doors) {
      return indexes.stream().map(i -> doors[i]).toArray(DoorPlan[]::new);
    }
  }

  private static final int NUMBERS = 1 << 16;
  private static final List<List<Integer>> NO_MEANING =
      List.of(List.of(), List.of(), List.of(), List.of(), List.of());
  private static final Entry NOTHING = new Entry(NO_MEANING, new DoorPlan[0]);

  /** Per protocol: number to place in {@link #entries}; null = no door names the protocol. */
  private final char[] @Nullable [] places = new char[Protocol.COUNT][];

  private final Entry[] entries;

  DoorIndex(DoorPlan[] plans) {
    List<Door> doors = Arrays.stream(plans).map(plan -> plan.door).toList();
    List<Entry> known = new ArrayList<>(List.of(NOTHING));
    Map<List<List<Integer>>, Character> placeOf = new HashMap<>();
    placeOf.put(NO_MEANING, (char) 0);
    for (Protocol protocol : Protocol.values()) {
      NavigableSet<Integer> cuts = cuts(doors, protocol);
      if (!cuts.isEmpty()) {
        places[protocol.number()] = fill(plans, doors, protocol, cuts, known, placeOf);
      }
    }
    entries = known.toArray(new Entry[0]);
  }

  /** The numbers at which the answer changes. */
  private static NavigableSet<Integer> cuts(List<Door> doors, Protocol protocol) {
    NavigableSet<Integer> cuts = new TreeSet<>();
    for (Door door : doors) {
      for (PortRange range : ranges(door)) {
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

  /** Every range of ports that means something to a door. */
  private static List<PortRange> ranges(Door door) {
    List<PortRange> ranges = new ArrayList<>(door.protects());
    if (door.trigger() instanceof Rotating rotating) {
      ranges.add(rotating.knocks().range());
    } else if (door.trigger() instanceof Spa spa) {
      ranges.add(new PortRange(Protocol.UDP, spa.port(), spa.port()));
      if (spa.hearsEverywhere()) {
        ranges.add(new PortRange(Protocol.UDP, 1, PortRange.HIGHEST));
      }
    }
    return ranges;
  }

  private static List<Step> steps(Door door) {
    return door.trigger() instanceof Sequence sequence ? sequence.steps() : List.of();
  }

  private static char[] fill(
      DoorPlan[] plans,
      List<Door> doors,
      Protocol protocol,
      NavigableSet<Integer> cuts,
      List<Entry> known,
      Map<List<List<Integer>>, Character> placeOf) {
    char[] place = new char[NUMBERS];
    for (int start : cuts) {
      Integer next = cuts.higher(start);
      if (start < NUMBERS && next != null) {
        char at =
            placeOf.computeIfAbsent(
                meaning(doors, protocol, start), meaning -> add(meaning, plans, known));
        Arrays.fill(place, start, next, at);
      }
    }
    return place;
  }

  /** Places are 16 bits wide; one that came round would be another destination's doors. */
  private static char add(List<List<Integer>> meaning, DoorPlan[] plans, List<Entry> known) {
    if (known.size() > Character.MAX_VALUE) {
      throw new IllegalStateException("the doors tell more than 65,536 destinations apart");
    }
    known.add(new Entry(meaning, plans));
    return (char) (known.size() - 1);
  }

  private static List<List<Integer>> meaning(List<Door> doors, Protocol protocol, int number) {
    Step wanted = new Step(protocol, number);
    return List.of(
        those(doors, door -> door.protects(protocol, number)),
        those(doors, door -> !steps(door).isEmpty() && steps(door).get(0).equals(wanted)),
        those(doors, door -> steps(door).contains(wanted)),
        those(doors, door -> isInRange(door.trigger(), protocol, number)),
        those(doors, door -> isMessagePort(door.trigger(), protocol, number)));
  }

  private static List<Integer> those(List<Door> doors, Predicate<Door> which) {
    return IntStream.range(0, doors.size()).filter(i -> which.test(doors.get(i))).boxed().toList();
  }

  private static boolean isInRange(Trigger trigger, Protocol protocol, int number) {
    return trigger instanceof Rotating rotating
        && rotating.knocks().range().contains(protocol, number);
  }

  private static boolean isMessagePort(Trigger trigger, Protocol protocol, int number) {
    return protocol == Protocol.UDP
        && trigger instanceof Spa spa
        && (spa.port() == number || spa.hearsEverywhere());
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

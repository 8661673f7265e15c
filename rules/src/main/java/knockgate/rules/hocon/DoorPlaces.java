package knockgate.rules.hocon;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * In which order the doors are written, and which is written twice. A door of an included file
 * stands where the include stands.
 */
final class DoorPlaces {
  /** The first mention of each door, in order. */
  private final Map<String, Place> mentions = new LinkedHashMap<>();

  /** The first block of each door; {@code doors.imap.time = 5s} mentions one and is none. */
  private final Map<String, Place> blocks = new HashMap<>();

  private final List<PolicyProblem> problems;

  /**
   * @param source the policy's text; null = unknown, then the lines of the values must do, and a
   *     door that is written twice is not seen
   * @param problems gets the doors that are written twice
   */
  DoorPlaces(@Nullable PolicySource source, List<PolicyProblem> problems) {
    this.problems = problems;
    if (source != null) {
      walk(source, List.of());
    }
  }

  private void walk(PolicySource source, List<String> above) {
    int include = 0;
    for (KeyScanner.Key key : KeyScanner.keys(source.text())) {
      List<String> path = new ArrayList<>(above);
      path.addAll(key.path());
      if (!key.include()) {
        add(path, new Place(source.name(), key.line()));
      } else if (include < source.includes().size()) {
        walk(source.includes().get(include++), path);
      }
    }
  }

  private void add(List<String> path, Place place) {
    if (path.size() < 2 || !path.get(0).equals("doors")) {
      return;
    }
    String name = path.get(1);
    mentions.putIfAbsent(name, place);
    Place first = path.size() == 2 ? blocks.putIfAbsent(name, place) : null;
    if (first != null) {
      String sentence =
          "another door has this name, at "
              + first
              + "; give each its own, or HOCON makes one door of both";
      problems.add(new PolicyProblem(place.file(), place.line(), "doors." + name, sentence));
    }
  }

  /** The doors of the policy in the order in which they are written. */
  List<Block> inOrder(Block doors) {
    List<String> order = List.copyOf(mentions.keySet());
    Map<String, Integer> ranks = new HashMap<>();
    for (int i = 0; i < order.size(); i++) {
      ranks.put(order.get(i), i);
    }
    List<Block> blocks = new ArrayList<>();
    for (String name : doors.keys()) {
      blocks.add(doors.block(name, mentions.get(name)));
    }
    blocks.sort(
        Comparator.comparingInt((Block block) -> ranks.getOrDefault(block.name(), order.size()))
            .thenComparingInt(block -> block.place().line()));
    return blocks;
  }
}

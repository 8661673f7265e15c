package knockgate.rules.hocon;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * In which order the doors and the stanzas of each are written, and which is written twice. What
 * stands in an included file stands where the include stands.
 */
final class DoorPlaces {
  private static final int DOOR = 2;
  private static final List<String> STANZAS = List.of("spa", "stanzas");
  private static final int STANZA = DOOR + STANZAS.size() + 1;

  /** The first mention of each door and stanza, by its path, in order. */
  private final Map<List<String>, Place> mentions = new LinkedHashMap<>();

  /** The first block of each; {@code doors.imap.time = 5s} mentions a door and is none. */
  private final Map<List<String>, Place> blocks = new HashMap<>();

  private final List<PolicyProblem> problems;

  /**
   * @param source the policy's text; null = unknown, then the lines of the values must do, and what
   *     is written twice is not seen
   * @param problems gets what is written twice
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
    add(path, DOOR, "door", place);
    if (path.size() >= STANZA && path.subList(DOOR, STANZA - 1).equals(STANZAS)) {
      add(path, STANZA, "stanza", place);
    }
  }

  private void add(List<String> path, int length, String kind, Place place) {
    List<String> named = List.copyOf(path.subList(0, length));
    mentions.putIfAbsent(named, place);
    Place first = path.size() == length ? blocks.putIfAbsent(named, place) : null;
    if (first != null) {
      String sentence =
          "another %s has this name, at %s; give each its own, or HOCON makes one %s of both"
              .formatted(kind, first, kind);
      String where = ConfigUtil.joinPath(named);
      problems.add(new PolicyProblem(place.file(), place.line(), where, sentence));
    }
  }

  /**
   * The blocks in a block in the order in which they are written.
   *
   * @param parent {@code doors}, or the {@code stanzas} of one
   */
  List<Block> inOrder(Block parent) {
    List<List<String>> order = List.copyOf(mentions.keySet());
    Map<List<String>, Integer> ranks = new HashMap<>();
    for (int i = 0; i < order.size(); i++) {
      ranks.put(order.get(i), i);
    }
    List<Block> blocks = new ArrayList<>();
    for (String name : parent.keys()) {
      blocks.add(parent.block(name, mentions.get(parent.pathTo(name))));
    }
    // Not with Comparator's own methods: no archive holds their classes, and a start pays 5 ms.
    blocks.sort(
        (a, b) -> {
          int byRank =
              Integer.compare(
                  ranks.getOrDefault(a.path(), order.size()),
                  ranks.getOrDefault(b.path(), order.size()));
          return byRank != 0 ? byRank : Integer.compare(a.place().line(), b.place().line());
        });
    return blocks;
  }
}

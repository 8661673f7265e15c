package knockgate.rules.hocon;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import knockgate.rules.words.Spelling;
import org.jspecify.annotations.Nullable;

/**
 * One { } of a policy, read key by key. A key that is wrong is noted as a problem and its fallback
 * returned, so that reading goes on and finds the next mistake. The keys that were asked for are
 * the keys there are: {@link #finish} notes all others as unknown.
 *
 * <p>A new part of the language is a class with one method that takes a Block; nothing is
 * registered anywhere.
 */
final class Block {
  private final ConfigObject object;
  private final Place place;
  private final List<String> path;
  private final List<PolicyProblem> problems;
  private final Set<String> known = new TreeSet<>();
  private final List<Block> children = new ArrayList<>();

  private Block(ConfigObject object, Place place, List<String> path, List<PolicyProblem> problems) {
    this.object = object;
    this.place = place;
    this.path = path;
    this.problems = problems;
  }

  /** The outermost block; it and all below it add to {@code problems}. */
  static Block root(ConfigObject object, List<PolicyProblem> problems) {
    return new Block(object, Place.of(object.origin()), List.of(), problems);
  }

  /** The last word of the path: a door's name. */
  String name() {
    return path.get(path.size() - 1);
  }

  /** The words from the root to here. */
  List<String> path() {
    return List.copyOf(path);
  }

  /** The same to one of its keys. */
  List<String> pathTo(String key) {
    List<String> whole = new ArrayList<>(path);
    whole.add(key);
    return whole;
  }

  /** Where the block is written. */
  Place place() {
    return place;
  }

  /** The keys that are written here, in no order. */
  Set<String> keys() {
    return object.keySet();
  }

  /** Whether a key is written here; asking makes it known. */
  boolean has(String key) {
    known.add(key);
    return object.containsKey(key);
  }

  /**
   * What a key says.
   *
   * @param fallback where the key is not written, and after a mistake
   * @param reading throws IllegalArgumentException with a sentence for a value that is wrong
   */
  <T> T read(String key, T fallback, Function<ConfigValue, T> reading) {
    T value = readOrNull(key, reading);
    return value == null ? fallback : value;
  }

  /** The same; null where the key is not written, and after a mistake. */
  <T> @Nullable T readOrNull(String key, Function<ConfigValue, T> reading) {
    known.add(key);
    ConfigValue value = object.get(key);
    return value == null ? null : read(value, pathOf(key), reading);
  }

  private <T> @Nullable T read(ConfigValue value, String where, Function<ConfigValue, T> reading) {
    try {
      if (value.valueType() == ConfigValueType.NULL) {
        throw new IllegalArgumentException("null says nothing; leave the key out");
      }
      return reading.apply(value);
    } catch (IllegalArgumentException e) {
      note(Place.of(value.origin()), where, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** A whole number, both bounds included. */
  int number(String key, int fallback, int min, int max) {
    return read(key, fallback, value -> Scalar.number(value, min, max));
  }

  /** A truth value. */
  boolean flag(String key, boolean fallback) {
    return read(key, fallback, Scalar::flag);
  }

  /** One of a few words. */
  <T> T word(String key, T fallback, Map<String, T> words) {
    return read(key, fallback, value -> Scalar.word(value, words));
  }

  /**
   * The elements of a list that are right, in order; none where the key is not written. An empty
   * list is a mistake, and each wrong element is one of its own.
   *
   * @param example what a list could hold, for the sentence
   */
  <T> List<T> list(String key, String example, Function<ConfigValue, T> reading) {
    ConfigList list = readOrNull(key, value -> asList(value, key, example));
    List<T> elements = new ArrayList<>();
    for (int i = 0; list != null && i < list.size(); i++) {
      T element = read(list.get(i), pathOf(key) + "[" + i + "]", reading);
      if (element != null) {
        elements.add(element);
      }
    }
    return elements;
  }

  private static ConfigList asList(ConfigValue value, String key, String example) {
    if (!(value instanceof ConfigList list)) {
      throw new IllegalArgumentException(
          Scalar.shown(value) + " is not a list; write " + key + " = [ " + example + " ]");
    }
    if (list.isEmpty()) {
      throw new IllegalArgumentException(
          "the list is empty; write " + key + " = [ " + example + " ] or leave the key out");
    }
    return list;
  }

  /** A block below this one; an empty one where it is not written, and after a mistake. */
  Block block(String key) {
    return block(key, null);
  }

  /**
   * The same, where it is known better than by the value itself on which line it begins.
   *
   * @param place where its key stands; null = where the value says
   */
  Block block(String key, @Nullable Place place) {
    ConfigObject written = readOrNull(key, value -> asObject(value, key));
    ConfigObject below = written == null ? ConfigFactory.empty().root() : written;
    Place begin = place != null ? place : written != null ? Place.of(written.origin()) : this.place;
    Block child = new Block(below, begin, pathTo(key), problems);
    children.add(child);
    return child;
  }

  private static ConfigObject asObject(ConfigValue value, String key) {
    if (!(value instanceof ConfigObject object)) {
      throw new IllegalArgumentException(
          Scalar.shown(value) + " is not a block; write " + ConfigUtil.joinPath(key) + " { ... }");
    }
    return object;
  }

  /** Notes a mistake of this block as a whole. */
  void problem(String sentence) {
    note(place, path.isEmpty() ? "" : ConfigUtil.joinPath(path), sentence);
  }

  /** Notes a mistake of a key, at the line of its value if it has one. */
  void problem(String key, String sentence) {
    ConfigValue value = object.get(key);
    note(value == null ? place : Place.of(value.origin()), pathOf(key), sentence);
  }

  private void note(Place where, String at, String sentence) {
    problems.add(new PolicyProblem(where.file(), where.line(), at, sentence));
  }

  private String pathOf(String key) {
    return ConfigUtil.joinPath(pathTo(key));
  }

  /** Notes every key that nobody asked for, here and in all blocks below. */
  void finish() {
    for (String key : object.keySet()) {
      if (!known.contains(key)) {
        problem(key, "there is no such key; " + Spelling.hint(key, known));
      }
    }
    children.forEach(Block::finish);
  }
}

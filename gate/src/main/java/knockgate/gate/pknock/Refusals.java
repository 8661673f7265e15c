package knockgate.gate.pknock;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects reasons while rules are read and compared. One rule is refused once for one cause: the
 * same thing said of every port would be noise.
 */
final class Refusals {
  private record Key(Cause cause, String rule) {}

  private final Map<Key, Refusal> refusals = new LinkedHashMap<>();

  /**
   * Refuses a rule.
   *
   * @param rule as it is shown; empty = the rules as a whole
   * @param sentence what is in the way
   * @param cure what to do
   */
  void add(Cause cause, String rule, String sentence, String cure) {
    refusals.putIfAbsent(new Key(cause, rule), new Refusal(cause, rule, sentence, cure));
  }

  void add(Cause cause, Rule rule, String sentence, String cure) {
    add(cause, rule.text(), sentence, cure);
  }

  boolean isEmpty() {
    return refusals.isEmpty();
  }

  List<Refusal> list() {
    return List.copyOf(refusals.values());
  }
}

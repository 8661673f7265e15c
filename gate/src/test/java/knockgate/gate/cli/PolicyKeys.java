package knockgate.gate.cli;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyProblem;
import knockgate.rules.hocon.PolicyReader;

/**
 * Every key that a policy can have, asked of the reader itself: a key that nothing resembles is
 * refused with the list of those there are. So a new key, or a new block, is found without being
 * entered anywhere.
 */
final class PolicyKeys {
  private static final String NO_SUCH_KEY = "qqqqqqqqqqqq";
  private static final Pattern WORDS =
      Pattern.compile("there is no such key; write (?:one of )?(.+)");

  private final SortedMap<String, List<String>> keys = new TreeMap<>();

  private PolicyKeys() {}

  /** The keys of each block, by its path: "" is the policy itself. */
  static SortedMap<String, List<String>> all() {
    PolicyKeys found = new PolicyKeys();
    found.search("", "");
    String door = "doors.d.protects = [ \"tcp/22\" ]\n";
    found.search(door + "doors.d.knock = [ 7000 ]\n", "doors.d");
    found.search(door + "doors.d.rotating.count = 3\n", "doors.d");
    found.search(door + "doors.d.spa.dialect = pknock\n", "doors.d");
    String fwknop = door + "doors.d.spa.dialect = fwknop\n";
    found.search(fwknop, "doors.d");
    found.search(fwknop, "doors.d.spa.stanzas.s");
    return found.keys;
  }

  /** Notes the keys of a block and of all blocks below it. */
  private void search(String policy, String block) {
    for (String key : keysOf(policy, block)) {
      search(policy, at(block, key));
    }
  }

  private List<String> keysOf(String policy, String block) {
    String wrong = at(block, NO_SUCH_KEY);
    try {
      PolicyReader.read(ConfigFactory.parseString(policy + wrong + " = 1"));
      throw new IllegalStateException(wrong + " is a key");
    } catch (PolicyException e) {
      for (PolicyProblem problem : e.problems()) {
        Matcher words = WORDS.matcher(problem.sentence());
        if (problem.path().equals(wrong) && words.matches()) {
          List<String> there = List.of(words.group(1).split(", | or ", -1));
          keys.merge(block, there, PolicyKeys::joined);
          return there;
        }
      }
      return List.of(); // a key, not a block; or one whose keys are names
    }
  }

  private static List<String> joined(List<String> some, List<String> others) {
    return Stream.concat(some.stream(), others.stream()).distinct().toList();
  }

  private static String at(String block, String key) {
    return block.isEmpty() ? key : block + "." + key;
  }
}

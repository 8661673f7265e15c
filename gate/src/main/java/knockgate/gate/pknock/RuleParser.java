package knockgate.gate.pknock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import knockgate.rules.words.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * Reads the words of one rule as iptables does: options may be abbreviated, a match's options are
 * known only behind its {@code -m}, the port options of a protocol load its match where they stand,
 * and the matches are tested in the order in which they were loaded. Matches that are not
 * understood keep their words and become {@link Test.Unknown}. One parser per rule.
 */
final class RuleParser {
  /** Short options of iptables itself by their long form, and how many values follow. */
  private static final Map<String, String> SHORT =
      Map.ofEntries(
          Map.entry("-p", "protocol"),
          Map.entry("-s", "source"),
          Map.entry("-d", "destination"),
          Map.entry("-i", "in-interface"),
          Map.entry("-o", "out-interface"),
          Map.entry("-j", "jump"),
          Map.entry("-g", "goto"),
          Map.entry("-m", "match"),
          Map.entry("-f", "fragments"),
          Map.entry("-c", "set-counters"),
          Map.entry("-4", "ipv4"),
          Map.entry("-n", "numeric"),
          Map.entry("-v", "verbose"),
          Map.entry("-w", "wait"));

  private static final Map<String, Integer> OWN =
      Map.ofEntries(
          Map.entry("protocol", 1),
          Map.entry("source", 1),
          Map.entry("src", 1),
          Map.entry("destination", 1),
          Map.entry("dst", 1),
          Map.entry("in-interface", 1),
          Map.entry("out-interface", 1),
          Map.entry("jump", 1),
          Map.entry("goto", 1),
          Map.entry("match", 1),
          Map.entry("fragments", 0),
          Map.entry("set-counters", 2),
          Map.entry("ipv4", 0),
          Map.entry("numeric", 0),
          Map.entry("verbose", 0),
          Map.entry("wait", 0),
          Map.entry("table", 1),
          Map.entry("check", 1),
          Map.entry("new-chain", 1));

  private final PortNames portNames;
  private final List<String> words;
  private final List<Test> addresses = new ArrayList<>();
  private final List<Match> matches = new ArrayList<>();
  private ProtocolOption protocol = ProtocolOption.NONE;
  private Target target = Target.NONE;
  private int next;

  /**
   * @param words the rule without its command and chain
   */
  RuleParser(PortNames portNames, List<String> words) {
    this.portNames = portNames;
    this.words = new ArrayList<>(words);
  }

  /**
   * The rule.
   *
   * @param text how it is shown
   * @throws RuleException in the words of iptables, the module's parser or its kernel check
   */
  Rule parse(String text) throws RuleException {
    boolean inverted = false;
    while (next < words.size()) {
      String word = words.get(next++);
      if (word.equals("!")) {
        inverted = true;
        continue;
      }
      takeOption(word, inverted);
      inverted = false;
    }
    List<Test> tests = new ArrayList<>(addresses);
    if (protocol.number() != IpProtocol.ANY) {
      tests.add(new Test.Protocol(protocol.number(), protocol.inverted()));
    }
    for (Match match : matches) {
      for (Test test : match.finish()) {
        boolean blind = test instanceof Test.To && !protocol.hasPorts();
        tests.add(blind ? new Test.Unknown("-m " + match.name()) : test);
      }
    }
    return new Rule(text, tests, target);
  }

  private void takeOption(String word, boolean inverted) throws RuleException {
    if (word.startsWith("--")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        words.add(next, word.substring(equals + 1));
      }
      takeLong(word.substring(2, equals > 0 ? equals : word.length()), inverted);
    } else if (word.length() > 1 && SHORT.containsKey(word.substring(0, 2))) {
      if (word.length() > 2) {
        words.add(next, word.substring(2));
      }
      takeOwn(SHORT.getOrDefault(word.substring(0, 2), ""), inverted);
    } else if (word.startsWith("-")) {
      throw new RuleException("unknown option \"" + word + "\"");
    } else {
      throw new RuleException("Bad argument `" + word + "'");
    }
  }

  /** As getopt_long: the whole name wins, else the one option that begins so. */
  private void takeLong(String given, boolean inverted) throws RuleException {
    Map<String, @Nullable Match> known = options();
    String name = given;
    if (!known.containsKey(given)) {
      List<String> meant = known.keySet().stream().filter(n -> n.startsWith(given)).toList();
      name = meant.size() == 1 ? meant.get(0) : "";
    }
    Match latest = matches.isEmpty() ? null : matches.get(matches.size() - 1);
    if (known.containsKey(name)) {
      Match match = known.get(name);
      if (match == null) {
        takeOwn(name, inverted);
      } else {
        load(match);
        int values = Match.optionsOf(match.name()).getOrDefault(name, 0);
        match.take(name, values(name, values), inverted, protocol);
      }
    } else if (latest != null && !latest.isUnderstood()) {
      latest.takeUnknown((inverted ? "! --" : "--") + given + values());
    } else if (!target.name().isEmpty()) {
      values(); // an option of the target, such as --reject-with: no verdict hangs on it
    } else {
      throw new RuleException("unknown option \"--" + given + "\"");
    }
  }

  /** The long options that can stand here, each with its match; null = iptables' own. */
  private Map<String, @Nullable Match> options() {
    Map<String, @Nullable Match> known = new LinkedHashMap<>();
    boolean hasOwn = matches.stream().anyMatch(m -> m.name().equals(protocolMatch()));
    if (protocol.hasPorts() && !hasOwn) {
      Match implied = new Match(protocolMatch(), portNames);
      Match.optionsOf(implied.name()).keySet().forEach(name -> known.put(name, implied));
    }
    for (Match match : matches) {
      if (!match.isUnderstood()) {
        // What stands behind it may be its own, whatever earlier matches call their options.
        known.values().removeIf(earlier -> earlier != null && matches.contains(earlier));
      }
      Match.optionsOf(match.name()).keySet().forEach(name -> known.put(name, match));
    }
    new TreeSet<>(OWN.keySet()).forEach(name -> known.put(name, null));
    return known;
  }

  private String protocolMatch() {
    return IpProtocol.word(protocol.number());
  }

  private void load(Match match) {
    if (!matches.contains(match)) {
      matches.add(match);
    }
  }

  /** The values of an option that must have so many; whatever the words look like. */
  private List<String> values(String option, int count) throws RuleException {
    if (next + count > words.size()) {
      throw new RuleException("option \"--" + option + "\" requires an argument");
    }
    List<String> values = List.copyOf(words.subList(next, next + count));
    next += count;
    return values;
  }

  /** The values of an option that nobody knows: all words up to the next option. */
  private String values() {
    StringBuilder values = new StringBuilder();
    while (next < words.size() && !words.get(next).matches("-.*|!")) {
      values.append(' ').append(words.get(next++));
    }
    return values.toString();
  }

  private void takeOwn(String option, boolean inverted) throws RuleException {
    List<String> values = values(option, OWN.getOrDefault(option, 0));
    String value = values.isEmpty() ? "" : values.get(0);
    String text = (inverted ? "! --" : "--") + option + (value.isEmpty() ? "" : " " + value);
    switch (option) {
      case "protocol" -> {
        if (!protocol.equals(ProtocolOption.NONE)) {
          throw new RuleException("multiple -p flags not allowed");
        }
        protocol = new ProtocolOption(IpProtocol.parse(value), inverted);
      }
      case "source", "src" -> addSource(value, inverted, text);
      case "in-interface" -> addInterface(value, inverted, text);
      case "jump" -> target = new Target(value, true);
      case "goto" -> target = new Target(value, false);
      case "match" -> matches.add(new Match(value, portNames));
      case "destination", "dst", "out-interface", "fragments" ->
          addresses.add(new Test.Unknown(text));
      default -> {}
    }
  }

  private void addSource(String value, boolean inverted, String text) {
    if (value.equals("0.0.0.0/0") && !inverted) {
      return;
    }
    addresses.add(inverted ? new Test.Unknown(text) : source(value, text));
  }

  private static Test source(String value, String text) {
    try {
      return new Test.From(Prefix.parse(value));
    } catch (IllegalArgumentException e) {
      return new Test.Unknown(text); // a name, a list, a mask: iptables-save writes none of them
    }
  }

  /** The gate never sees loopback: both layouts of its rules leave it alone. */
  private void addInterface(String value, boolean inverted, String text) {
    if (!value.equals("lo")) {
      addresses.add(new Test.Unknown(text));
    } else if (!inverted) {
      addresses.add(new Test.Never());
    }
  }
}

package knockgate.gate.pknock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads rules line by line, in any of the forms in which people keep them: what iptables-save
 * prints, a script of iptables commands, or bare rules, which are taken for INPUT's. What is not a
 * rule of IPv4's filter table is passed over, unless it tests for knocks.
 */
final class RulesetReader {
  private static final String FILTER = "filter";
  private static final String CURE = "correct the rule, or import what iptables-save prints";

  private final PortNames portNames = new PortNames();
  private final Map<String, List<Rule>> chains = new LinkedHashMap<>();
  private final Refusals refusals;
  private boolean accepts;
  private int elsewhere;

  /** The table whose rules follow, in the form of iptables-save. */
  private String table = FILTER;

  /**
   * @param accepts the policy of INPUT where the lines do not say
   * @param refusals where refusals are noted
   */
  RulesetReader(boolean accepts, Refusals refusals) {
    this.accepts = accepts;
    this.refusals = refusals;
    chains.put(Ruleset.INPUT, new ArrayList<>());
  }

  /** Reads all lines; a backslash at the end joins the next. */
  Ruleset read(List<String> lines) {
    StringBuilder whole = new StringBuilder();
    for (String line : lines) {
      if (line.endsWith("\\")) {
        whole.append(line, 0, line.length() - 1).append(' ');
      } else {
        readLine(whole.append(line).toString().strip());
        whole.setLength(0);
      }
    }
    readLine(whole.toString().strip());
    return new Ruleset(chains, accepts, elsewhere);
  }

  private void readLine(String line) {
    if (line.isEmpty() || line.startsWith("#") || line.equals("COMMIT")) {
      return;
    }
    if (line.startsWith("*")) {
      table = line.substring(1).strip();
      return;
    }
    List<String> words = new ArrayList<>();
    try {
      words.addAll(Words.split(line));
      if (line.startsWith(":")) {
        declare(words);
      } else {
        readCommand(words);
      }
    } catch (RuleException e) {
      refusals.add(Cause.WRONG, Words.shown(words), e.sentence(), CURE);
    }
  }

  /** A line such as {@code :INPUT DROP [12:3456]}. */
  private void declare(List<String> words) {
    String chain = words.get(0).substring(1);
    if (table.equals(FILTER)) {
      chains.computeIfAbsent(chain, name -> new ArrayList<>());
      if (chain.equals(Ruleset.INPUT) && words.size() > 1) {
        accepts = words.get(1).equals("ACCEPT");
      }
    }
  }

  private void readCommand(List<String> all) throws RuleException {
    List<String> words = new ArrayList<>(all);
    boolean v6 = false;
    while (!words.isEmpty() && !words.get(0).matches("[-!].*")) {
      String first = words.remove(0);
      v6 |= first.matches("(.*/)?ip6tables(-nft|-legacy)?");
      if (!first.matches("(.*/)?(sudo|ip6?tables(-nft|-legacy)?)|\\[\\d+:\\d+\\]")) {
        throw new RuleException("Bad argument `" + first + "'");
      }
    }
    String wanted = table;
    for (int i = 0; i + 1 < words.size(); i++) {
      if (words.get(i).equals("-t") || words.get(i).equals("--table")) {
        wanted = words.get(i + 1);
        words.subList(i, i + 2).clear();
      }
    }
    boolean knocks = words.contains("pknock");
    if (v6 && knocks) {
      throw new RuleException("Couldn't load match `pknock':No such file or directory");
    }
    if (!v6 && wanted.equals(FILTER)) {
      follow(words, Words.shown(all));
    } else {
      elsewhere++;
      if (knocks) {
        refuse(Words.shown(all), "it stands in the table " + wanted + ", not in filter");
      }
    }
  }

  private void refuse(String rule, String sentence) {
    refusals.add(
        Cause.NOT_OURS,
        rule,
        sentence,
        "move it to the chain INPUT of the table filter, or take it out");
  }

  /** One command of iptables for the table filter, or a bare rule. */
  private void follow(List<String> words, String text) throws RuleException {
    if (words.isEmpty()) {
      throw new RuleException("no command specified");
    }
    String chain = words.size() > 1 ? words.get(1) : "";
    List<String> rest = words.subList(Math.min(2, words.size()), words.size());
    switch (words.get(0)) {
      case "-A", "--append" -> rules(chain).add(rule(rest, text));
      case "-I", "--insert" -> insert(rules(chain), rest, text);
      case "-P", "--policy" -> {
        if (chain.equals(Ruleset.INPUT) && !rest.isEmpty()) {
          accepts = rest.get(0).equals("ACCEPT");
        }
      }
      case "-N", "--new-chain" -> rules(chain);
      case "-F", "--flush" -> {
        List<String> emptied = chain.isEmpty() ? List.copyOf(chains.keySet()) : List.of(chain);
        emptied.forEach(name -> rules(name).clear());
      }
      case "-X", "--delete-chain", "-Z", "--zero" -> {}
      case "-D", "--delete", "-R", "--replace", "-E", "--rename-chain" ->
          throw new RuleException("rules are read, not their history: " + words.get(0));
      default -> rules(Ruleset.INPUT).add(rule(words, text));
    }
  }

  /** The rest of {@code -I CHAIN}: the place, from 1, or none for the first, and the rule. */
  private void insert(List<Rule> rules, List<String> rest, String text) throws RuleException {
    boolean numbered = !rest.isEmpty() && rest.get(0).matches("\\d{1,9}");
    int at = numbered ? Integer.parseInt(rest.get(0)) - 1 : 0;
    if (at < 0 || at > rules.size()) {
      throw new RuleException("Index of insertion too big.");
    }
    rules.add(at, rule(rest.subList(numbered ? 1 : 0, rest.size()), text));
  }

  private List<Rule> rules(String chain) {
    return chains.computeIfAbsent(chain, name -> new ArrayList<>());
  }

  private Rule rule(List<String> words, String text) throws RuleException {
    return new RuleParser(portNames, words).parse(text);
  }
}

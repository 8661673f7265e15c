package knockgate.gate.firewall;

import java.util.ArrayList;
import java.util.List;

/**
 * The gate's part of one table, as iptables-restore reads it. The chains are declared, which under
 * {@code --noflush} empties them or makes them; the whole section takes effect at its COMMIT or not
 * at all.
 *
 * @param table the table
 * @param chains the gate's chains in it; INPUT jumps to the first
 * @param rules rules and comment lines, in order
 * @param first whether the jump stands at the head of INPUT; otherwise at its end
 */
record Section(Table table, List<String> chains, List<String> rules, boolean first) {
  /** Where INPUT jumps to. */
  static final String ENTRY = "KNOCKGATE";

  /** Where packets go that wait for a verdict. */
  static final String QUEUE = "KNOCKGATE-QUEUE";

  /** Where packets go that want in at a protected port. */
  static final String DOORS = "KNOCKGATE-DOORS";

  /** Where packets go whose sender may be knocking, by the kernel's sets. */
  static final String STRAYS = "KNOCKGATE-STRAYS";

  /** Every chain that a layout may make. */
  static final List<String> CHAINS = List.of(ENTRY, QUEUE, DOORS, STRAYS);

  /** The rule in INPUT that leads to the gate. */
  static final String JUMP = "-A INPUT -j " + ENTRY;

  private static final String FIRST_JUMP = "-I INPUT 1 -j " + ENTRY;

  /**
   * Reads sections that were to replace nothing.
   *
   * @throws IllegalArgumentException if there is anything that is not the gate's
   */
  static List<Section> parse(String text) {
    List<Section> sections = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.equals("COMMIT")) {
        sections.add(parse(lines));
        lines.clear();
      } else {
        lines.add(line);
      }
    }
    if (sections.isEmpty() || !lines.isEmpty()) {
      throw new IllegalArgumentException("a table has no end");
    }
    return sections;
  }

  private static Section parse(List<String> lines) {
    List<String> chains = new ArrayList<>();
    List<String> rules = new ArrayList<>();
    for (String line : lines.stream().skip(1).toList()) {
      String[] words = line.split(" ", 3);
      if (line.startsWith(":") && CHAINS.contains(words[0].substring(1))) {
        chains.add(words[0].substring(1));
      } else if (line.startsWith("#")
          || words[0].equals("-A") && words.length > 1 && CHAINS.contains(words[1])) {
        rules.add(line);
      } else if (!line.equals(JUMP) && !line.equals(FIRST_JUMP)) {
        throw new IllegalArgumentException("this is no rule of the gate: " + line);
      }
    }
    Table table = Table.of(lines.isEmpty() ? "" : lines.get(0));
    return new Section(table, chains, rules, lines.contains(FIRST_JUMP));
  }

  /** The section that replaces what is there, so that INPUT jumps exactly once. */
  String replacing(Installed installed) {
    return restoring(table, installed, chains, rules, List.of(first ? FIRST_JUMP : JUMP));
  }

  /** The section that takes away what is there. */
  static String removing(Table table, Installed installed) {
    StringBuilder text = begin(table, installed.chains());
    unlink(text, installed);
    installed.chains().forEach(chain -> line(text, "-X " + chain));
    return text.append("COMMIT\n").toString();
  }

  /** The section that puts former chains, rules and jumps in place of what is there. */
  static String restoring(
      Table table, Installed now, List<String> chains, List<String> rules, List<String> jumps) {
    List<String> left = now.chains().stream().filter(c -> !chains.contains(c)).toList();
    StringBuilder text = begin(table, chains);
    left.forEach(chain -> declare(text, chain));
    unlink(text, now);
    rules.forEach(rule -> line(text, rule));
    jumps.forEach(jump -> line(text, jump));
    left.forEach(chain -> line(text, "-X " + chain));
    return text.append("COMMIT\n").toString();
  }

  private static StringBuilder begin(Table table, List<String> chains) {
    StringBuilder text = new StringBuilder();
    line(text, "*" + table.word());
    chains.forEach(chain -> declare(text, chain));
    return text;
  }

  private static void declare(StringBuilder text, String chain) {
    line(text, ":" + chain + " - [0:0]");
  }

  private static void unlink(StringBuilder text, Installed installed) {
    for (int i = 0; i < installed.jumps(); i++) {
      line(text, "-D INPUT -j " + ENTRY);
    }
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}

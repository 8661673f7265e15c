package knockgate.gate.firewall;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one family as {@code iptables-save} prints them, or as {@code iptables-restore}
 * reads them; the same rules are equal here, whichever of the two spelled them.
 */
public final class SavedRules {
  private final Map<String, Map<String, List<String>>> tables = new LinkedHashMap<>();

  private SavedRules() {}

  /** Reads a text; what is no table, chain or rule is skipped. */
  public static SavedRules parse(String text) {
    SavedRules rules = new SavedRules();
    Map<String, List<String>> table = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 3);
      if (line.startsWith("*")) {
        table = rules.tables.computeIfAbsent(line.substring(1), name -> new LinkedHashMap<>());
      } else if (line.startsWith(":")) {
        table.putIfAbsent(words[0].substring(1), new ArrayList<>());
      } else if (words[0].equals("-A") && words.length == 3) {
        table
            .computeIfAbsent(words[1], name -> new ArrayList<>())
            .add(RuleSpelling.usual(words[2]));
      }
    }
    return rules;
  }

  /** The tables that the text has. */
  public Set<String> tables() {
    return tables.keySet();
  }

  /** The chains of a table, with or without rules in them. */
  public Set<String> chains(String table) {
    return tables.getOrDefault(table, Map.of()).keySet();
  }

  /** The rules of a chain, without {@code -A CHAIN}; none if there is no such chain. */
  public List<String> rules(String table, String chain) {
    return tables.getOrDefault(table, Map.of()).getOrDefault(chain, List.of());
  }

  /** Whether a table has the chain that leads to the gate. */
  public boolean hasGate(String table) {
    return chains(table).contains(Section.ENTRY)
        || rules(table, "INPUT").contains("-j " + Section.ENTRY);
  }

  /** The layout of which there is at least a part; null if nothing is there of the gate. */
  public @Nullable Layout layout() {
    if (hasGate(Table.MANGLE.word()) || chains(Table.FILTER.word()).contains(Section.DOORS)) {
      return Layout.MARK;
    }
    return hasGate(Table.FILTER.word()) ? Layout.DIRECT : null;
  }
}

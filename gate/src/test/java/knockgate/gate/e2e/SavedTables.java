package knockgate.gate.e2e;

import java.util.List;
import java.util.stream.Collectors;

/** The firewall of a namespace as the tools of both families save it. */
final class SavedTables {
  private SavedTables() {}

  /**
   * The tool of each family.
   *
   * @param iptables that of IPv4, such as {@code iptables-nft}
   */
  static List<String> tools(String iptables) {
    return List.of(iptables, iptables.replace("iptables", "ip6tables"));
  }

  /** What both families have; the comments hold the time of day, the policies counters. */
  static String saved(Namespace namespace, String iptables) {
    return tools(iptables).stream()
        .map(tool -> namespace.run(tool + "-save").ok().out())
        .flatMap(String::lines)
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceAll(" \\[\\d+:\\d+]$", ""))
        .collect(Collectors.joining("\n"));
  }
}

package knockgate.gate.firewall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One spelling for the matches that {@code iptables-save} writes in another way than they were
 * given: {@code -m tcp} behind {@code -p tcp}, the order of states, addresses with their full
 * prefix, ICMP types by number.
 */
final class RuleSpelling {
  private static final Map<String, String> NUMBERS =
      Map.of("--icmp-type echo-request", "8", "--icmpv6-type echo-request", "128");

  /** Extensions that come with their protocol. */
  private static final List<String> IMPLIED = List.of("tcp", "udp", "icmp", "icmp6", "ipv6-icmp");

  /** Both are options of xt_tcp, which prints its ports first. */
  private static final Pattern FLAGS_FIRST =
      Pattern.compile("(--tcp-flags \\S+ \\S+) (--dport \\S+)");

  private RuleSpelling() {}

  /** The rule in that spelling; words are separated by one space. */
  static String usual(String rule) {
    List<String> words = Arrays.asList(rule.strip().split(" +"));
    List<String> usual = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String value = i + 1 < words.size() ? words.get(i + 1) : "";
      if (word.equals("-m") && IMPLIED.contains(value)) {
        i++;
        continue;
      }
      usual.add(word);
      if (word.startsWith("-") && !value.startsWith("-") && i + 1 < words.size()) {
        usual.add(value(word, value));
        i++;
      }
    }
    return FLAGS_FIRST.matcher(String.join(" ", usual)).replaceAll("$2 $1");
  }

  private static String value(String option, String value) {
    return switch (option) {
      case "--ctstate", "--tcp-flags" -> sorted(value);
      case "-s", "-d" -> value.replaceFirst(value.contains(":") ? "/128$" : "/32$", "");
      default -> NUMBERS.getOrDefault(option + " " + value, value);
    };
  }

  private static String sorted(String list) {
    return String.join(",", Arrays.stream(list.split(",")).sorted().toList());
  }
}

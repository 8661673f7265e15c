package knockgate.gate.doctor;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import knockgate.rules.policy.Door;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;

/**
 * A rule that is not the gate's, read as far as it can be about the gate's packets.
 *
 * @param text without its chain, in the usual spelling
 */
record ForeignRule(String text) {
  /** Targets after which the next rule is looked at. */
  private static final Set<String> GOING_ON =
      Set.of(
          "",
          "MARK",
          "CONNMARK",
          "LOG",
          "NFLOG",
          "TCPMSS",
          "SET",
          "TOS",
          "DSCP",
          "TTL",
          "HL",
          "CT",
          "CLASSIFY",
          "AUDIT",
          "TRACE",
          "CHECKSUM",
          "SECMARK",
          "CONNSECMARK");

  /** States of packets that begin nothing; the gate judges those that do. */
  private static final Set<String> NOT_NEW = Set.of("ESTABLISHED", "RELATED", "INVALID");

  /** Whether a packet that begins a connection from outside may find its verdict here. */
  boolean decidesOnNew() {
    boolean onlyLoopback = after("-i").equals("lo") && !text.contains("! -i");
    boolean notNew = NOT_NEW.containsAll(List.of(states().split(","))) && !text.contains("! --ct");
    return !GOING_ON.contains(target()) && !onlyLoopback && !notNew;
  }

  /** The name behind -j or -g; empty if the rule only counts. */
  String target() {
    return after("-j") + after("-g");
  }

  /** What a rule says of the ports to which this one leads packets here; empty = it does not. */
  String redirectedTo() {
    String ports = target().equals("REDIRECT") ? after("--to-ports").replace('-', ':') : "";
    return ports.isEmpty() ? "" : "-p " + after("-p") + " --dport " + ports;
  }

  private String states() {
    String states = after("--ctstate") + after("--state");
    return states.isEmpty() ? "NEW" : states;
  }

  /** Whether it may be about a port that one of the doors protects. */
  boolean concerns(List<Door> doors) {
    return doors.stream()
        .flatMap(door -> door.protects().stream())
        .anyMatch(range -> fits(range.protocol()) && portsMeet(range));
  }

  private boolean fits(Protocol protocol) {
    String wanted = after("-p");
    return wanted.isEmpty() || wanted.equals(protocol.word()) || text.contains("! -p");
  }

  private boolean portsMeet(PortRange range) {
    String ports = after("--dport") + after("--dports");
    return ports.isEmpty()
        || text.contains("! --dport")
        || Arrays.stream(ports.split(",")).anyMatch(word -> meets(word, range));
  }

  private static boolean meets(String ports, PortRange range) {
    String[] ends = ports.split(":", -1);
    try {
      int first = Integer.parseInt(ends[0]);
      int last = Integer.parseInt(ends[ends.length - 1]);
      return first <= range.last() && range.first() <= last;
    } catch (NumberFormatException e) {
      return true; // A spelling that nobody foresaw is not to be called harmless.
    }
  }

  /** The word behind an option; empty if the rule has no such option. */
  String after(String option) {
    List<String> words = List.of(text.split(" "));
    int at = words.indexOf(option);
    return at < 0 || at + 1 == words.size() ? "" : words.get(at + 1);
  }
}

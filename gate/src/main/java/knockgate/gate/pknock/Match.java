package knockgate.gate.pknock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One {@code -m} of a rule while its options come in. */
final class Match {
  private static final Map<String, Integer> PORT_OPTIONS =
      Map.of("sport", 1, "source-port", 1, "dport", 1, "destination-port", 1);

  /** Options of the matches that are understood: name, and how many values follow. */
  private static final Map<String, Map<String, Integer>> UNDERSTOOD =
      Map.of(
          "pknock",
          Arrays.stream(KnockParser.Option.values())
              .collect(Collectors.toMap(o -> o.text().substring(2), o -> o.takesValue ? 1 : 0)),
          "tcp",
          Stream.of(PORT_OPTIONS, Map.of("syn", 0, "tcp-flags", 2, "tcp-option", 1))
              .flatMap(options -> options.entrySet().stream())
              .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
          "udp",
          PORT_OPTIONS,
          "udplite",
          PORT_OPTIONS,
          "multiport",
          Map.of("dports", 1, "destination-ports", 1, "sports", 1, "source-ports", 1, "ports", 1),
          "state",
          Map.of("state", 1),
          "conntrack",
          Map.of("ctstate", 1),
          "comment",
          Map.of("comment", 1));

  private final String name;
  private final PortNames portNames;
  private final KnockParser knock;
  private final List<Test> tests = new ArrayList<>();

  /** What was written and not understood. */
  private final StringBuilder unknown = new StringBuilder();

  Match(String name, PortNames portNames) {
    this.name = name;
    this.portNames = portNames;
    this.knock = new KnockParser(portNames);
    if (!UNDERSTOOD.containsKey(name)) {
      unknown.append("-m ").append(name);
    }
  }

  /** The options that a match has: those of {@link #UNDERSTOOD}, none for any other. */
  static Map<String, Integer> optionsOf(String match) {
    return UNDERSTOOD.getOrDefault(match, Map.of());
  }

  String name() {
    return name;
  }

  boolean isUnderstood() {
    return UNDERSTOOD.containsKey(name);
  }

  /** Takes a word that only this match, which is not understood, can explain. */
  void takeUnknown(String text) {
    unknown.append(unknown.isEmpty() ? "" : " ").append(text);
  }

  /**
   * Takes one of its options.
   *
   * @param option without dashes
   * @param values as many as {@link #optionsOf} says
   * @param soFar the rule's protocol as far as it has been read
   */
  void take(String option, List<String> values, boolean inverted, ProtocolOption soFar)
      throws RuleException {
    String value = values.isEmpty() ? "" : values.get(0);
    switch (option) {
      case "dport", "destination-port" -> addPorts(range(value, soFar), inverted);
      case "dports", "destination-ports" -> addPorts(list(value, soFar), inverted);
      case "state", "ctstate" -> addStates(value, inverted);
      case "comment" -> {}
      default -> {
        if (name.equals("pknock")) {
          takeKnock(option, value, inverted, soFar);
        } else {
          takeUnknown((inverted ? "! --" : "--") + option + " " + String.join(" ", values));
        }
      }
    }
  }

  private void takeKnock(String option, String value, boolean inverted, ProtocolOption soFar)
      throws RuleException {
    for (KnockParser.Option known : KnockParser.Option.values()) {
      if (known.text().equals("--" + option)) {
        knock.take(known, value, inverted, soFar);
      }
    }
  }

  private void addPorts(PortSet ports, boolean inverted) {
    tests.add(new Test.To(inverted ? ports.inverted() : ports));
  }

  private PortSet range(String text, ProtocolOption protocol) throws RuleException {
    String word = IpProtocol.word(protocol.number());
    int colon = text.indexOf(':');
    if (colon < 0) {
      int port = portNames.port(text, word);
      return PortSet.range(port, port);
    }
    String from = text.substring(0, colon);
    String to = text.substring(colon + 1);
    int first = from.isEmpty() ? 0 : portNames.port(from, word);
    int last = to.isEmpty() ? PortNames.HIGHEST_PORT : portNames.port(to, word);
    if (first > last) {
      throw new RuleException("invalid portrange (min > max)");
    }
    return PortSet.range(first, last);
  }

  private PortSet list(String text, ProtocolOption protocol) throws RuleException {
    PortSet ports = PortSet.range(1, 0);
    for (String part : text.split(",", -1)) {
      ports = ports.or(range(part, protocol));
    }
    return ports;
  }

  /** The gate is asked about new connections only. */
  private void addStates(String states, boolean inverted) {
    boolean holdsNew = List.of(states.split(",", -1)).contains("NEW");
    if (holdsNew == inverted) {
      tests.add(new Test.Never());
    }
  }

  /** Its tests, once every option has been taken. */
  List<Test> finish() throws RuleException {
    if (name.equals("pknock")) {
      tests.add(knock.finish());
    }
    if (!unknown.isEmpty()) {
      tests.add(new Test.Unknown(unknown.toString().strip()));
    }
    return tests;
  }
}

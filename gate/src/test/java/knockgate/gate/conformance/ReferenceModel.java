package knockgate.gate.conformance;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import knockgate.gate.conformance.ModelRule.Knock;

/**
 * A chain of iptables rules with xt_pknock tests, as the corpus's README tells it ("Behaviour, per
 * packet and per knock rule"; the numbers in here are its steps). Slow and obvious. Each {@link
 * Departure} that is switched on makes it behave as the gate in that one point.
 */
final class ReferenceModel {
  /** The rule of an outcome that the chain's policy decided. */
  static final int BY_POLICY = -1;

  /** What became of a packet. */
  record Outcome(boolean accepted, int rule, boolean hotdrop) {}

  private enum Match {
    YES,
    NO,
    HOTDROP
  }

  private final List<ModelRule> rules;
  private final boolean acceptsByDefault;
  private final Set<Departure> departures;
  private final ModelKnocks knocks;

  /**
   * @param epochMs wall clock at time 0
   */
  ReferenceModel(
      List<String> rules, boolean acceptsByDefault, long epochMs, Set<Departure> departures) {
    this.rules = rules.stream().map(ModelRule::of).toList();
    this.acceptsByDefault = acceptsByDefault;
    this.knocks = new ModelKnocks(epochMs, departures);
    this.departures = departures;
    for (ModelRule rule : this.rules) {
      for (ModelRule.Test test : rule.tests()) {
        if (test instanceof Knock knock) {
          knocks.addTable(knock);
        }
      }
    }
  }

  /**
   * Walks one packet through the chain.
   *
   * @param packet IPv4
   * @param nowMs ms since the first event, never going back
   */
  Outcome decide(ByteBuffer packet, long nowMs) {
    if (!departures.contains(Departure.NO_COLLECTOR)) {
      knocks.tables().values().forEach(table -> table.collect(nowMs));
    }
    Arrived arrived = new Arrived(packet, nowMs);
    for (int i = 0; i < rules.size(); i++) {
      ModelRule rule = rules.get(i);
      Match match = matches(rule, arrived);
      if (match == Match.HOTDROP) {
        return new Outcome(false, i, true);
      }
      if (match == Match.YES && rule.target() != null && !staysOut(rule, arrived)) {
        return new Outcome(rule.target().equals("ACCEPT"), i, false);
      }
    }
    return new Outcome(acceptsByDefault, BY_POLICY, false);
  }

  private Match matches(ModelRule rule, Arrived packet) {
    for (ModelRule.Test test : rule.tests()) {
      Match match = matches(rule, test, packet);
      if (match != Match.YES) {
        return match;
      }
    }
    return Match.YES;
  }

  /** Whether a departure keeps a packet from being admitted by a knock test. */
  private boolean staysOut(ModelRule rule, Arrived packet) {
    return departures.contains(Departure.CUT_HEADERS_STAY_OUT)
        && packet.isHeaderCut()
        && rule.isKnock()
        && "ACCEPT".equals(rule.target());
  }

  private Match matches(ModelRule rule, ModelRule.Test test, Arrived packet) {
    if (test instanceof ModelRule.Protocol protocol) {
      return yes(protocol.number() == packet.protocol);
    }
    if (test instanceof ModelRule.Source source) {
      return yes(source.holds(packet.source));
    }
    if (test instanceof ModelRule.Syn) {
      int flags = packet.transport.length < 20 ? 0 : packet.transport[13];
      return yes((flags & 0x17) == 0x02);
    }
    if (test instanceof ModelRule.Ports ports) {
      boolean cut = packet.transport.length < ports.headerBytes();
      boolean judged = departures.contains(Departure.CUT_HEADERS_STAY_OUT);
      if (packet.transport.length < 4 || (cut && !judged)) {
        return Match.HOTDROP;
      }
      int port = packet.port();
      return yes(ports.ranges().stream().anyMatch(r -> r[0] <= port && port <= r[1]));
    }
    return packet.transport.length < 4
        ? Match.HOTDROP
        : yes(knocks.matches(rule, (Knock) test, packet));
  }

  private static Match yes(boolean matches) {
    return matches ? Match.YES : Match.NO;
  }

  // --- what the recordings show of the state
  // ------------------------------------------------------

  /** Per name its records: source, protocol of the first knock, status, count. */
  Map<String, List<String>> records() {
    return lines("", "");
  }

  /** The status files: records, and whether a time is printed with them. */
  Map<String, List<String>> status() {
    return lines(" expir", " autoclose");
  }

  private Map<String, List<String>> lines(String whenMatching, String whenClosing) {
    Map<String, List<String>> names = new TreeMap<>();
    knocks
        .tables()
        .forEach((name, table) -> names.put(name, table.lines(whenMatching, whenClosing)));
    return names;
  }
}

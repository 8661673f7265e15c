package knockgate.gate.pknock;

import java.util.ArrayList;
import java.util.List;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;

/** A door while the rules of one name are put together. */
final class ImportedDoor {
  /** A policy's longest duration; xt_pknock's numbers reach 136 years and beyond. */
  private static final long YEAR_SECONDS = 365L * 24 * 60 * 60;

  private final Rule rule;
  private final Knock knock;
  private final List<PortRange> protects = new ArrayList<>();

  /**
   * @param rule the rule that judges its knocks
   */
  ImportedDoor(Rule rule) {
    this.rule = rule;
    this.knock = rule.knocks().get(0);
  }

  String name() {
    return knock.name();
  }

  Rule rule() {
    return rule;
  }

  Knock knock() {
    return knock;
  }

  /** Most time between two knocks. */
  long seconds() {
    return Math.min(knock.seconds(), YEAR_SECONDS);
  }

  /** How long a grant lasts; 0 = until it is revoked. */
  long minutes() {
    Long minutes = knock.minutes();
    return minutes == null ? 0 : Math.min(minutes, YEAR_SECONDS / 60);
  }

  /** Whether a time of its rule is longer than a policy can write. */
  boolean isBeyondPolicy() {
    Long minutes = knock.minutes();
    return seconds() < knock.seconds() || (minutes != null && minutes() < minutes);
  }

  /** In ascending order, neighbours joined. */
  List<PortRange> protects() {
    return protects;
  }

  /** Adds ports; called in the order of the kinds of traffic, which is ascending. */
  void protect(Traffic traffic) {
    Protocol protocol = traffic.protocol() == IpProtocol.TCP ? Protocol.TCP : Protocol.UDP;
    // No packet to port 0 reaches a service; a policy does not take the port.
    int first = Math.max(1, traffic.first());
    if (first > traffic.last()) {
      return;
    }
    int end = protects.size() - 1;
    PortRange before = end < 0 ? null : protects.get(end);
    if (before != null && before.protocol() == protocol && before.last() + 1 == first) {
      protects.set(end, new PortRange(protocol, before.first(), traffic.last()));
    } else {
      protects.add(new PortRange(protocol, first, traffic.last()));
    }
  }

  boolean protects(Traffic traffic) {
    Protocol protocol = traffic.protocol() == IpProtocol.TCP ? Protocol.TCP : Protocol.UDP;
    return traffic.protocol() != IpProtocol.UDPLITE
        && protects.stream().anyMatch(range -> range.contains(protocol, traffic.last()));
  }

  /** Whether some knock goes there. */
  boolean isStep(Traffic traffic) {
    return traffic.protocol() == knock.protocol() && knock.ports().contains(traffic.first());
  }

  boolean isLastStep(Traffic traffic) {
    return isStep(traffic) && knock.lastPort() == traffic.first();
  }

  /** Whether secrets open it. */
  boolean hasSecrets() {
    return knock.secrets() != null;
  }

  /** Whether such a packet can change a peer's progress; messages close a door on any port. */
  boolean judges(Traffic traffic) {
    boolean everywhere = knock.strict() || hasSecrets();
    return traffic.protocol() == knock.protocol() && (everywhere || isStep(traffic));
  }

  /** Whether its own knock ports are among what it protects. */
  boolean protectsKnocks() {
    Protocol protocol = knock.protocol() == IpProtocol.TCP ? Protocol.TCP : Protocol.UDP;
    return knock.ports().stream()
        .anyMatch(port -> protects.stream().anyMatch(range -> range.contains(protocol, port)));
  }
}

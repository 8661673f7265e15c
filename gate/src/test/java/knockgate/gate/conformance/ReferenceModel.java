package knockgate.gate.conformance;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import knockgate.gate.conformance.ModelRule.Knock;
import knockgate.gate.conformance.ModelTable.Peer;
import knockgate.gate.conformance.ModelTable.Status;
import org.jspecify.annotations.Nullable;

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
  private final long epochMs;
  private final Set<Departure> departures;
  private final Map<String, ModelTable> tables = new TreeMap<>();

  /**
   * @param epochMs wall clock at time 0
   */
  ReferenceModel(
      List<String> rules, boolean acceptsByDefault, long epochMs, Set<Departure> departures) {
    this.rules = rules.stream().map(ModelRule::of).toList();
    this.acceptsByDefault = acceptsByDefault;
    this.epochMs = epochMs;
    this.departures = departures;
    for (ModelRule rule : this.rules) {
      for (ModelRule.Test test : rule.tests()) {
        if (test instanceof Knock knock) {
          addTable(knock);
        }
      }
    }
  }

  /** The first rule of a name sets the table's parameters; one with secrets overrides them. */
  private void addTable(Knock knock) {
    ModelTable known = tables.get(knock.name());
    boolean overrides =
        knock.openSecret() != null
            || (departures.contains(Departure.RULE_ORDER_KEEPS_AUTOCLOSE)
                && !knock.ports().isEmpty());
    if (known == null || overrides) {
      boolean overflows = !departures.contains(Departure.LONG_AUTOCLOSE);
      tables.put(knock.name(), new ModelTable(knock.limit(), knock.autoclose(), overflows));
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
      tables.values().forEach(table -> table.collect(nowMs));
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
      return yes(source.address() == packet.source);
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
    return packet.transport.length < 4 ? Match.HOTDROP : yes(knocks(rule, (Knock) test, packet));
  }

  private static Match yes(boolean matches) {
    return matches ? Match.YES : Match.NO;
  }

  // --- steps 3 to 9
  // -------------------------------------------------------------------------------

  private boolean knocks(ModelRule whole, Knock rule, Arrived packet) {
    if (packet.protocol != Protocols.TCP && !packet.isUdp()) { // 3
      return false;
    }
    ModelTable table = requireNonNull(tables.get(rule.name()));
    forgetWhatIsOver(rule, table, packet);
    Peer peer = table.records.get(packet.source);
    if (rule.checkip()) { // 4
      return isAllowed(peer) && staysOpen(table, requireNonNull(peer), packet);
    }
    if (rule.ports().isEmpty()) { // 5
      return false;
    }
    if (isAllowed(peer)) { // 6
      return matchesWhileOpen(whole, rule, table, requireNonNull(peer), packet);
    }
    if (peer == null) { // 7
      if (packet.port() != rule.ports().get(0)) {
        return false;
      }
      peer = new Peer(packet.protocol == Protocols.TCP, packet.nowSeconds());
      table.records.put(packet.source, peer);
    }
    judge(rule, table, peer, packet);
    return false;
  }

  private static boolean isAllowed(@Nullable Peer peer) {
    return peer != null && peer.status == Status.ALLOWED;
  }

  /** Only with departures: in the gate a peer past its time does not exist. */
  private void forgetWhatIsOver(Knock rule, ModelTable table, Arrived packet) {
    Peer peer = table.records.get(packet.source);
    if (peer == null) {
      return;
    }
    long now = packet.nowSeconds();
    boolean late = !rule.ports().isEmpty() && rule.openSecret() == null && tooLate(rule, peer, now);
    boolean over =
        isAllowed(peer)
            ? departures.contains(Departure.CLOSED_GRANT_FORGOTTEN) && table.autocloseDue(peer, now)
            : departures.contains(Departure.LATE_ATTEMPT_FORGOTTEN) && late;
    if (over) {
      table.records.remove(packet.source);
    }
  }

  private boolean matchesWhileOpen(
      ModelRule whole, Knock rule, ModelTable table, Peer peer, Arrived packet) {
    if (rule.closeSecret() != null && packet.isUdp()) {
      boolean ownPort = packet.port() == rule.ports().get(0);
      if ((ownPort || !departures.contains(Departure.CLOSE_ON_OWN_PORT))
          && isPayload(rule.closeSecret(), packet)) {
        peer.status = Status.INIT;
        peer.count = 0;
        return false;
      }
      boolean swallows = "DROP".equals(whole.target());
      if (!ownPort && swallows && departures.contains(Departure.OTHER_UDP_UNTOUCHED)) {
        return false;
      }
    }
    return staysOpen(table, peer, packet);
  }

  /** Step 9. */
  private boolean staysOpen(ModelTable table, Peer peer, Arrived packet) {
    if (table.autocloseDue(peer, packet.nowSeconds())) {
      table.records.remove(packet.source);
      return false;
    }
    return true;
  }

  /** Step 8. */
  private void judge(Knock rule, ModelTable table, Peer peer, Arrived packet) {
    int expected = peer.count < rule.ports().size() ? rule.ports().get(peer.count) : 0;
    if (packet.port() != expected) { // 8.1
      if (rule.strict()) {
        table.records.remove(packet.source);
      }
      return;
    }
    if (rule.openSecret() != null && !opens(rule, peer, packet)) { // 8.2
      return;
    }
    table.armCollector(packet.nowMs); // 8.3
    peer.count++;
    boolean isLast = peer.count == rule.ports().size();
    boolean timed = !isLast || departures.contains(Departure.EVERY_GAP_TIMED);
    if (timed && rule.openSecret() == null && tooLate(rule, peer, packet.nowSeconds())) { // 8.5
      table.records.remove(packet.source);
      return;
    }
    if (isLast) { // 8.4
      peer.status = Status.ALLOWED;
      peer.opened = packet.nowSeconds();
      peer.openedMinute = minute(packet);
      return;
    }
    peer.lastKnock = packet.nowSeconds();
    peer.status = Status.MATCHING;
  }

  private static boolean tooLate(Knock rule, Peer peer, long now) {
    return now - peer.lastKnock > rule.limit();
  }

  private boolean opens(Knock rule, Peer peer, Arrived packet) {
    return packet.isUdp()
        && peer.openedMinute != minute(packet)
        && isPayload(requireNonNull(rule.openSecret()), packet);
  }

  // --- secrets (README, 20 to 23)
  // -----------------------------------------------------------------

  private long minute(Arrived packet) {
    return (epochMs + packet.nowMs) / 60_000;
  }

  private boolean isPayload(String secret, Arrived packet) {
    byte[] transport = packet.transport;
    if (transport.length - 8 != SpaPayload.LENGTH) {
      return false;
    }
    byte[] digits =
        SpaPayload.digits(
            secret.getBytes(StandardCharsets.ISO_8859_1), packet.source, minute(packet));
    return Arrays.equals(digits, Arrays.copyOfRange(transport, 8, 8 + digits.length));
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
    tables.forEach(
        (name, table) -> {
          List<String> lines = new ArrayList<>();
          table.records.forEach(
              (source, r) ->
                  lines.add(
                      dotted(source)
                          + (r.tcp ? " TCP " : " UDP ")
                          + r.status
                          + " "
                          + r.count
                          + (r.status == Status.MATCHING ? whenMatching : "")
                          + (r.status == Status.ALLOWED && table.autoclose > 0
                              ? whenClosing
                              : "")));
          names.put(name, lines.stream().sorted().toList());
        });
    return names;
  }

  private static String dotted(int source) {
    return (source >>> 24)
        + "."
        + (source >>> 16 & 255)
        + "."
        + (source >>> 8 & 255)
        + "."
        + (source & 255);
  }
}

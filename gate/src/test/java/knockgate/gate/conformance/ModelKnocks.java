package knockgate.gate.conformance;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import knockgate.gate.conformance.ModelRule.Knock;
import knockgate.gate.conformance.ModelTable.Peer;
import knockgate.gate.conformance.ModelTable.Status;
import org.jspecify.annotations.Nullable;

/**
 * The module's own part of the model: the knock test, steps 3 to 9 of the README, and what is kept
 * under each name.
 */
final class ModelKnocks {
  private final long epochMs;
  private final Set<Departure> departures;
  private final Map<String, ModelTable> tables = new TreeMap<>();

  ModelKnocks(long epochMs, Set<Departure> departures) {
    this.epochMs = epochMs;
    this.departures = departures;
  }

  /** By name. */
  Map<String, ModelTable> tables() {
    return tables;
  }

  /**
   * Tells of a rule, in the order of the chain. The first rule of a name sets the table's
   * parameters; one with secrets overrides them.
   */
  void addTable(Knock knock) {
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

  // -------------------------------------------------------------------------------

  /**
   * Whether a packet fits.
   *
   * @param whole the rule that the test is part of
   */
  boolean matches(ModelRule whole, Knock rule, Arrived packet) {
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
          && isPayload(rule.closeSecret(), packet)
          && closes(table, packet)) {
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

  /** A second close message of one minute is another only for the module. */
  private boolean closes(ModelTable table, Arrived packet) {
    boolean isFirst =
        table
            .closedMinutes
            .computeIfAbsent(packet.source, source -> new HashSet<>())
            .add(minute(packet));
    return isFirst || !departures.contains(Departure.CLOSE_ONCE);
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
    if (rule.openSecret() != null && !opens(rule, table, peer, packet)) { // 8.2
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
      table.openedMinutes.put(packet.source, peer.openedMinute);
      return;
    }
    peer.lastKnock = packet.nowSeconds();
    peer.status = Status.MATCHING;
  }

  private static boolean tooLate(Knock rule, Peer peer, long now) {
    return now - peer.lastKnock > rule.limit();
  }

  private boolean opens(Knock rule, ModelTable table, Peer peer, Arrived packet) {
    boolean remembered =
        departures.contains(Departure.MINUTE_REMEMBERED)
            && Objects.equals(table.openedMinutes.get(packet.source), minute(packet));
    return packet.isUdp()
        && !remembered
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
}

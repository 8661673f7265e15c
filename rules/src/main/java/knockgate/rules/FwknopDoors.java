package knockgate.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import knockgate.rules.spa.FwknopMessage;
import knockgate.rules.spa.FwknopRequest;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.FwknopVerifier;
import org.jspecify.annotations.Nullable;

/**
 * All doors whose single ports fwknop's messages to one UDP port open. Together, because of all
 * their stanzas the first that passes wins, and a message is used up once.
 */
final class FwknopDoors implements MessageDoor {
  private final List<DoorPlan> doors = new ArrayList<>();
  private final List<Integer> indexes = new ArrayList<>();
  private final List<FwknopStanza> stanzas = new ArrayList<>();
  private final GrantTable grants;
  private final FwknopVerifier verifier;
  private int door;
  private long grantedMs;

  /**
   * @param port the UDP port
   */
  FwknopDoors(int port, PolicyPlan plan, KnockState state) {
    grants = state.grants();
    for (int i = 0; i < plan.doors.length; i++) {
      Trigger trigger = plan.doors[i].door.trigger();
      if (trigger instanceof Spa spa
          && spa.port() == port
          && spa.dialect() instanceof FwknopSpa fwknop) {
        for (FwknopStanza stanza : fwknop.stanzas()) {
          doors.add(plan.doors[i]);
          indexes.add(i);
          stanzas.add(stanza);
        }
      }
    }
    verifier = new FwknopVerifier(stanzas, state.replays());
  }

  @Override
  public boolean hasForm(Packet packet) {
    return verifier.hasForm(packet.payload, packet.payloadLength);
  }

  @Override
  public boolean isAddressed(Packet packet) {
    return true;
  }

  @Override
  public int cost() {
    return verifier.cost();
  }

  @Override
  public int door() {
    return door;
  }

  @Override
  public long grantedMs() {
    return grantedMs;
  }

  @Override
  public Reason judge(Packet packet, long nowMs, long epochMs) {
    Reason reason =
        verifier.judge(
            packet.payload,
            packet.payloadLength,
            packet.srcHi,
            packet.srcLo,
            packet.dstHi,
            packet.dstLo,
            epochMs);
    int stanza = verifier.stanza();
    door = indexes.get(Math.max(0, stanza));
    FwknopMessage message = verifier.message();
    if (reason == Reason.SPA_OPENED) {
      FwknopRequest request = verifier.request();
      packet.report = report(stanza, request.message(), request);
      return grant(doors.get(stanza), request, nowMs);
    }
    if (message != null && stanza >= 0) {
      packet.report = report(stanza, message, null);
    }
    return reason;
  }

  private MessageReport report(int stanza, FwknopMessage message, @Nullable FwknopRequest request) {
    return new MessageReport(
        stanzas.get(stanza).name(), message, verifier.clockDifferenceMs(), request);
  }

  /** Grants what was asked for, port by port. */
  private Reason grant(DoorPlan plan, FwknopRequest request, long nowMs) {
    Duration timeout = request.timeout();
    grantedMs = timeout == null ? plan.autocloseMs : timeout.toMillis();
    long deadlineMs = timeout == null ? plan.deadlineMs(nowMs) : nowMs + timeout.toMillis();
    boolean v4 = Prefix.isV4(request.addressHi(), request.addressLo());
    boolean given = true;
    for (PortRange port : request.ports()) {
      given &=
          grants.add(
              plan.coverHi(v4, request.addressHi()),
              plan.coverLo(v4, request.addressLo()),
              plan.grantTag(port.protocol(), port.first()),
              nowMs,
              deadlineMs,
              plan.connections);
    }
    return given ? Reason.SPA_OPENED : Reason.GRANTS_FULL;
  }
}

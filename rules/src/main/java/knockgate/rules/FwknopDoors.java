package knockgate.rules;

import java.util.ArrayList;
import java.util.List;
import knockgate.rules.policy.Spa;
import knockgate.rules.policy.Trigger;
import knockgate.rules.spa.FwknopMessage;
import knockgate.rules.spa.FwknopRequest;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.FwknopVerifier;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * All doors whose single ports fwknop's messages to one UDP port open. Together, because of all
 * their stanzas the first that passes wins, and a message is used up once.
 */
final class FwknopDoors implements MessageDoor {
  private final List<DoorPlan> doors = new ArrayList<>();
  private final List<Integer> indexes = new ArrayList<>();
  private final List<FwknopStanza> stanzas = new ArrayList<>();
  private final boolean observed;
  private final PortGrants grants;
  private final FwknopVerifier verifier;
  private int door;

  /**
   * @param port the UDP port
   */
  FwknopDoors(int port, PolicyPlan plan, KnockState state) {
    observed = plan.policy.observe();
    grants = new PortGrants(state.grants());
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
  public long costNs(Packet packet) {
    return verifier.costNs(packet.payloadLength);
  }

  @Override
  public Reason explain(Packet packet, long nowMs, long epochMs) {
    return Reason.SPA_HMAC;
  }

  @Override
  public long explanationNs() {
    return 0;
  }

  @Override
  public int door() {
    return door;
  }

  @Override
  public long grantedMs() {
    return grants.lastMs();
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
      return grants.give(doors.get(stanza), request, nowMs);
    }
    if (reason == Reason.SPA_SEALED) {
      packet.sealed = sealed(packet, epochMs);
    }
    if (message != null && stanza >= 0) {
      packet.report = report(stanza, message, null);
    }
    return reason;
  }

  private MessageReport report(int stanza, FwknopMessage message, @Nullable FwknopRequest request) {
    return new MessageReport(
        stanzas.get(stanza).name(), message, null, verifier.clockDifferenceMs(), request);
  }

  private SealedMessage sealed(Packet packet, long epochMs) {
    List<SealedMessage.Taker> takers = new ArrayList<>();
    for (int stanza : verifier.takers()) {
      takers.add(new SealedMessage.Taker(doors.get(stanza), stanzas.get(stanza)));
    }
    return new SealedMessage(verifier.sealed(), takers, packet, epochMs, observed);
  }
}

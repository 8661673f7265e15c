package knockgate.rules;

import knockgate.rules.policy.Spa;
import knockgate.rules.spa.OnceKey;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.PknockVerifier;
import knockgate.rules.spa.ReplayWindow;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A door that xt_pknock's messages open and close. As in the module, the open message counts only
 * while the door is shut for the peer and the close message only while it is open, each once, and a
 * peer opens once a minute. Where the policy says so, the close message counts on every UDP port
 * and each time, again as in the module.
 */
final class PknockDoor implements MessageDoor {
  private static final long MINUTE_MS = 60_000;

  private final int index;
  private final DoorPlan door;
  private final ReplayWindow replays;
  private final PknockVerifier verifier;
  private final int port;
  private final int tolerance;
  private final boolean closesAlways;

  PknockDoor(int index, DoorPlan door, Spa trigger, PknockSpa spa, KnockState state) {
    this.index = index;
    this.door = door;
    this.replays = state.replays();
    this.verifier = new PknockVerifier(spa);
    this.port = trigger.port();
    this.tolerance = spa.tolerance();
    this.closesAlways = spa.closesAlways();
  }

  @Override
  public boolean isAddressed(Packet packet) {
    return packet.dstPort == port;
  }

  @Override
  public boolean hasForm(Packet packet) {
    return verifier.hasForm(packet.payload, packet.payloadLength);
  }

  @Override
  public long costNs(Packet packet) {
    return verifier.costNs();
  }

  @Override
  public long explanationNs() {
    return verifier.costNs();
  }

  @Override
  public int door() {
    return index;
  }

  @Override
  public long grantedMs() {
    return door.autocloseMs;
  }

  @Override
  public Reason judge(Packet packet, long nowMs, long epochMs) {
    if (door.isOpenTo(packet, nowMs)) {
      return whileOpen(packet, nowMs, epochMs);
    }
    return isAddressed(packet) ? whileShut(packet, nowMs, epochMs) : Reason.SPA_NOT_OPEN;
  }

  /** Whether it is the other message, which does not count now. */
  @Override
  public Reason explain(Packet packet, long nowMs, long epochMs) {
    if (door.isOpenTo(packet, nowMs)) {
      return open(packet, epochMs) == Reason.SPA_OPENED ? Reason.SPA_ALREADY : Reason.SPA_HMAC;
    }
    return close(packet, epochMs) == Reason.SPA_CLOSED ? Reason.SPA_NOT_OPEN : Reason.SPA_HMAC;
  }

  private Reason whileShut(Packet packet, long nowMs, long epochMs) {
    Reason reason = open(packet, epochMs);
    if (reason != Reason.SPA_OPENED) {
      return reason;
    }
    Reason used = useUp(packet, OnceKey.OPEN_MESSAGE, verifier.minute(), tolerance, epochMs);
    if (used != null) {
      return used;
    }
    long minute = Math.floorDiv(epochMs, MINUTE_MS);
    Reason opened = useUp(packet, OnceKey.OPENING, minute, 0, epochMs);
    if (opened != null) {
      return opened == Reason.SPA_REPLAY ? Reason.SPA_MINUTE_USED : opened;
    }
    return door.openTo(packet, nowMs) ? Reason.SPA_OPENED : Reason.GRANTS_FULL;
  }

  private Reason whileOpen(Packet packet, long nowMs, long epochMs) {
    Reason reason = close(packet, epochMs);
    if (reason != Reason.SPA_CLOSED) {
      return reason;
    }
    Reason used =
        closesAlways
            ? null
            : useUp(packet, OnceKey.CLOSE_MESSAGE, verifier.minute(), tolerance, epochMs);
    if (used != null) {
      return used;
    }
    door.closeTo(packet, nowMs);
    return Reason.SPA_CLOSED;
  }

  private Reason open(Packet packet, long epochMs) {
    return verifier.open(packet.payload, packet.payloadLength, packet.srcHi, packet.srcLo, epochMs);
  }

  private Reason close(Packet packet, long epochMs) {
    return verifier.close(
        packet.payload, packet.payloadLength, packet.srcHi, packet.srcLo, epochMs);
  }

  /** Null = it was not used before. */
  private @Nullable Reason useUp(
      Packet packet, OnceKey what, long minute, int minutesLater, long epochMs) {
    long key = what.of(door.door.name(), packet.srcHi, packet.srcLo, minute);
    long endMs = (minute + minutesLater + 1) * MINUTE_MS;
    return switch (replays.admit(key, endMs, epochMs)) {
      case FRESH -> null;
      case SEEN -> Reason.SPA_REPLAY;
      case FULL -> Reason.SPA_REPLAY_FULL;
    };
  }
}

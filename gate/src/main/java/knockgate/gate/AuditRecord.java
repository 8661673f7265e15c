package knockgate.gate;

import knockgate.gate.events.Decision;
import knockgate.rules.MessageReport;
import knockgate.rules.Packet;
import knockgate.rules.SealedMessage;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Pace;
import knockgate.rules.policy.Policy;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The slot of the audit ring: one event, copied out of a packet before its slot is used again.
 * Written by whoever publishes, read by the audit thread; the ring orders them.
 */
final class AuditRecord {
  /** Wall clock, milliseconds since 1970. */
  long epochMs;

  Reason reason = Reason.UNMATCHED;

  /** Name of the door; null = none. */
  @Nullable String door;

  /** Peer, as {@link knockgate.rules.words.Prefix} has it; prefix length 128 = one address. */
  long peerHi;

  long peerLo;
  int prefixLength;

  /** Null = the event has no packet, or one of another protocol. */
  @Nullable Protocol protocol;

  int port;

  /** Steps passed, 0 = none. */
  int step;

  /** Steps in all, 0 = not a matter of steps. */
  int steps;

  /** A time that belongs to the reason, in milliseconds; -1 = none. */
  long millis;

  /** What a message said; null = none, or nothing that is known to be true. */
  @Nullable MessageReport report;

  /** The user who did it by hand; null = nobody did. */
  @Nullable String by;

  /** Whether the verdict was overridden by observe mode. */
  boolean observed;

  /** Takes over the verdict on a packet. */
  void verdictOn(Packet packet, long epochMs) {
    base(packet, epochMs, packet.reason, packet.door);
    step = 0;
    steps = 0;
    millis = -1;
  }

  /** Takes over what a packet did to one door. */
  void noteOf(Packet packet, int note, long epochMs) {
    base(packet, epochMs, packet.noteReason(note), packet.noteDoor(note));
    step = packet.noteStep(note);
    steps = Pace.steps(door(packet, packet.noteDoor(note)).trigger());
    millis = packet.noteMillis(note);
    report = packet.report;
  }

  private void base(Packet packet, long now, Reason why, int doorIndex) {
    epochMs = now;
    reason = why;
    door = doorIndex < 0 ? null : door(packet, doorIndex).name();
    peerHi = packet.srcHi;
    peerLo = packet.srcLo;
    prefixLength = 128;
    protocol = packet.protocol;
    port = packet.dstPort;
    report = null;
    by = null;
    observed = packet.verdict != packet.intended;
  }

  private static Door door(Packet packet, int index) {
    Policy policy = packet.policy;
    if (policy == null) {
      throw new IllegalStateException("a packet with a door but no policy");
    }
    return policy.doors().get(index);
  }

  /** An event without a packet. */
  void grantEvent(
      long now,
      Reason why,
      String doorName,
      long hi,
      long lo,
      int length,
      long leftMs,
      @Nullable String user) {
    epochMs = now;
    reason = why;
    door = doorName;
    peerHi = hi;
    peerLo = lo;
    prefixLength = length;
    protocol = null;
    port = 0;
    report = null;
    step = 0;
    steps = 0;
    millis = leftMs;
    by = user;
    observed = false;
  }

  /** What became of a message that its packet did not wait for. */
  void messageEvent(
      long now,
      Reason why,
      String doorName,
      SealedMessage message,
      long lastsMs,
      @Nullable MessageReport said) {
    grantEvent(now, why, doorName, message.srcHi(), message.srcLo(), 128, lastsMs, null);
    protocol = Protocol.UDP;
    port = message.port();
    report = said;
    observed = message.observed();
  }

  /** A copy that lasts. */
  Decision decision() {
    return new Decision(
        epochMs,
        reason,
        door,
        new Prefix(peerHi, peerLo, prefixLength),
        protocol,
        port,
        step,
        steps,
        millis,
        report,
        observed,
        by);
  }
}

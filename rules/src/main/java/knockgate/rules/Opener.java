package knockgate.rules;

import knockgate.rules.spa.OnceKey;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/** Opens a door to whoever sent the last knock of its sequence. Any thread may use it. */
final class Opener {
  private final KnockState state;

  Opener(KnockState state) {
    this.state = state;
  }

  /**
   * Gives the grant, or notes in the packet why there is none.
   *
   * @param nowMs milliseconds since the gate's start
   * @param epochMs milliseconds since 1970
   */
  void open(Packet packet, Course course, long nowMs, long epochMs) {
    DoorPlan door = course.door;
    Reason refusal = rotatedBefore(packet, course, epochMs);
    if (refusal != null) {
      packet.note(refusal, course.index, 0, -1);
      return;
    }
    packet.note(
        door.openTo(packet, nowMs) ? Reason.OPENED : Reason.GRANTS_FULL,
        course.index,
        course.length(),
        door.autocloseMs);
  }

  /** A rotating sequence opens once for a peer; null = this is the first time, or none of those. */
  private @Nullable Reason rotatedBefore(Packet packet, Course course, long epochMs) {
    Rotation rotation = course.door.rotation;
    if (rotation == null) {
      return null;
    }
    long key =
        OnceKey.ROTATING.of(course.door.door.name(), packet.srcHi, packet.srcLo, course.timeStep);
    return switch (state.replays().admit(key, rotation.endMs(course), epochMs)) {
      case FRESH -> null;
      case SEEN -> Reason.ROTATED_BEFORE;
      case FULL -> Reason.SPA_REPLAY_FULL;
    };
  }
}

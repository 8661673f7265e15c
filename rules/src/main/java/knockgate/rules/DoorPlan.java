package knockgate.rules;

import knockgate.rules.policy.Door;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.Spa;
import knockgate.rules.policy.Trigger;
import knockgate.rules.words.Protocol;
import org.jspecify.annotations.Nullable;

/** One door as the packet path wants it: plain numbers, worked out once when a policy is loaded. */
final class DoorPlan {
  final Door door;

  /** Its index in its policy. */
  final int index;

  /** Its tag in the grant table, for all that it protects. */
  final long grantTag;

  /** How its knocks are judged; null = messages open it. */
  final @Nullable KnockPlan knocks;

  /** The course of a door with a fixed sequence; null = another kind of door. */
  final @Nullable Course course;

  /** The courses of a rotating door; null = another kind of door. */
  final @Nullable Rotation rotation;

  /** Whether messages open single ports of it, besides grants for the whole door. */
  final boolean opensPorts;

  /** What a grant is kept under. */
  final SourceMask cover;

  /** How long a grant lasts, in milliseconds, or {@link GrantTable#NEVER}. */
  final long autocloseMs;

  /** What a new grant starts with. */
  final int connections;

  private final int id;
  private final GrantTable grants;
  private final long[] attemptTags;

  DoorPlan(Door door, int index, KnockState state) {
    this.door = door;
    this.index = index;
    this.id = state.idOf(door.name());
    this.grantTag = GrantTag.of(id);
    this.grants = state.grants();
    this.cover = new SourceMask(door.coversV4(), door.coversV6(), state.keyHash());
    this.autocloseMs = door.autoclose() == null ? GrantTable.NEVER : door.autoclose().toMillis();
    this.connections = door.connections() == 0 ? GrantTable.UNLIMITED : door.connections();
    Trigger trigger = door.trigger();
    this.opensPorts = trigger instanceof Spa spa && spa.opensPorts();
    this.attemptTags = attemptTags(door, state);
    if (trigger instanceof Sequence sequence) {
      knocks = new KnockPlan(sequence);
      course = new Course(index, this, knocks, attemptTags[0], 0, sequence);
      rotation = null;
    } else if (trigger instanceof Rotating rotating) {
      knocks = new KnockPlan(rotating.at(0));
      course = null;
      rotation = new Rotation(rotating, index, this, knocks, attemptTags);
    } else {
      knocks = null;
      course = null;
      rotation = null;
    }
  }

  /** Another trigger under the same name has other tags; so has another secret, by its ports. */
  private static long[] attemptTags(Door door, KnockState state) {
    Trigger trigger = door.trigger();
    if (trigger instanceof Sequence) {
      return new long[] {state.idOf(door.name() + " knocks " + trigger)};
    }
    if (!(trigger instanceof Rotating rotating)) {
      return new long[0];
    }
    String name = door.name() + " every " + rotating.knocks().step() + " as " + rotating.at(0);
    long[] tags = new long[Rotation.TAGS];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = state.idOf(name + " " + i);
    }
    return tags;
  }

  /** Its tags in the attempt table: one, several for a rotating door, none where messages open. */
  long[] attemptTags() {
    return attemptTags;
  }

  /** The course that one of its tags stands for; null = none that counts now. */
  @Nullable Course courseOf(long tag, long epochMs) {
    return rotation == null ? course : rotation.ofTag(tag, epochMs);
  }

  /** Its tag in the grant table for one port. */
  long grantTag(Protocol protocol, int port) {
    return GrantTag.of(id, protocol, port);
  }

  /** Whether a packet can be a right or a wrong knock for this door at all. */
  boolean isKnock(Packet packet) {
    return knocks != null && knocks.isKnock(packet);
  }

  /** Whether a packet's source holds a grant for all that the door protects. */
  boolean isOpenTo(Packet packet, long nowMs) {
    return grants.isGranted(
        cover.hash(packet), cover.hi(packet), cover.lo(packet), grantTag, nowMs);
  }

  /** Gives a packet's source such a grant; false = there is no room for one. */
  boolean openTo(Packet packet, long nowMs) {
    return grants.add(
        cover.hi(packet), cover.lo(packet), grantTag, nowMs, deadlineMs(nowMs), connections);
  }

  /** Takes it back. */
  void closeTo(Packet packet, long nowMs) {
    grants.revoke(cover.hi(packet), cover.lo(packet), grantTag, nowMs);
  }

  /** When a grant given now ends. */
  long deadlineMs(long nowMs) {
    return autocloseMs == GrantTable.NEVER ? GrantTable.NEVER : nowMs + autocloseMs;
  }
}

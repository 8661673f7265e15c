package knockgate.rules;

import java.util.List;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * A policy as the packet path wants it. Immutable, made once per policy and shared by all lanes; a
 * reload is one new reference.
 */
public final class PolicyPlan {
  final Policy policy;
  final DoorPlan[] doors;
  final DoorIndex index;
  final FirstKnockRate firstKnocks;

  /** A bit for each protocol whose packets begin something at a door, or disturb it. */
  private final int judges;

  /** By attempt tag; null = no door of this policy. */
  private final @Nullable DoorPlan[] doorOfAttemptTag;

  private final Prefix[] rescue;
  private final int strictPauseSeconds;

  /** Works a policy out; doors keep their numbers in the state. */
  public PolicyPlan(Policy policy, KnockState state) {
    this.policy = policy;
    this.firstKnocks = new FirstKnockRate(policy.limits(), state.keyHash());
    this.rescue = policy.rescue().toArray(new Prefix[0]);
    this.strictPauseSeconds = policy.strictPauseSeconds();
    List<Door> list = policy.doors();
    this.doors = new DoorPlan[list.size()];
    int highestTag = -1;
    int protocols = 0;
    for (int i = 0; i < doors.length; i++) {
      doors[i] = new DoorPlan(list.get(i), i, state);
      for (long tag : doors[i].attemptTags()) {
        highestTag = Math.max(highestTag, (int) tag);
      }
      KnockPlan knocks = doors[i].knocks;
      protocols |= knocks == null ? 0 : knocks.protocols;
    }
    this.judges = protocols;
    this.index = new DoorIndex(doors);
    this.doorOfAttemptTag = new DoorPlan[highestTag + 1];
    for (DoorPlan door : doors) {
      for (long tag : door.attemptTags()) {
        doorOfAttemptTag[(int) tag] = door;
      }
    }
  }

  /** The policy that was worked out. */
  public Policy policy() {
    return policy;
  }

  /** The longest pause after which a knock may still count, in milliseconds. */
  public long longestPauseMs() {
    long longest = 0;
    for (DoorPlan door : doors) {
      longest = Math.max(longest, door.knocks == null ? 0 : door.knocks.longestPauseMs());
    }
    return longest;
  }

  /** {@link Policy#strictPauseSeconds}. */
  public int strictPauseSeconds() {
    return strictPauseSeconds;
  }

  boolean isRescue(Packet packet) {
    for (Prefix prefix : rescue) {
      if (prefix.contains(packet.srcHi, packet.srcLo)) {
        return true;
      }
    }
    return false;
  }

  boolean judges(Packet packet) {
    Protocol protocol = packet.protocol;
    return protocol != null && (judges >>> protocol.number() & 1) != 0;
  }

  /** The door of an attempt; null = this policy has it no more. */
  @Nullable DoorPlan doorOfAttempt(long tag) {
    return tag < doorOfAttemptTag.length ? doorOfAttemptTag[(int) tag] : null;
  }
}

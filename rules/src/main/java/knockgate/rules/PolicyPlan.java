package knockgate.rules;

import java.util.Arrays;
import java.util.List;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;

/**
 * A policy as the packet path wants it. Immutable, made once per policy and shared by all lanes; a
 * reload is one new reference.
 */
public final class PolicyPlan {
  final Policy policy;
  final DoorPlan[] doors;
  final DoorIndex index;

  /** Whether any door is disturbed by, or begins with, packets of a protocol. */
  private final boolean[] judges = new boolean[Protocol.COUNT];

  /** Attempt tag to door index; -1 = no door of this policy. */
  private final int[] doorOfAttemptTag;

  private final Prefix[] rescue;
  private final int strictPauseSeconds;

  /** Works a policy out; doors keep their numbers in the state. */
  public PolicyPlan(Policy policy, KnockState state) {
    this.policy = policy;
    this.index = new DoorIndex(policy.doors());
    this.rescue = policy.rescue().toArray(new Prefix[0]);
    this.strictPauseSeconds = policy.strictPauseSeconds();
    List<Door> list = policy.doors();
    this.doors = new DoorPlan[list.size()];
    int highestTag = -1;
    for (int i = 0; i < doors.length; i++) {
      doors[i] = new DoorPlan(list.get(i), i, state);
      for (long tag : doors[i].attemptTags()) {
        highestTag = Math.max(highestTag, (int) tag);
      }
      KnockPlan knocks = doors[i].knocks;
      for (Protocol protocol : Protocol.values()) {
        judges[protocol.number()] |= knocks != null && knocks.uses(protocol);
      }
    }
    this.doorOfAttemptTag = new int[highestTag + 1];
    Arrays.fill(doorOfAttemptTag, -1);
    for (int i = 0; i < doors.length; i++) {
      for (long tag : doors[i].attemptTags()) {
        doorOfAttemptTag[(int) tag] = i;
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
    return protocol != null && judges[protocol.number()];
  }

  /** The door of an attempt, or -1 when this policy has it no more. */
  int doorOfAttempt(long tag) {
    return tag < doorOfAttemptTag.length ? doorOfAttemptTag[(int) tag] : -1;
  }
}

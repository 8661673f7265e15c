package knockgate.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;
import knockgate.rules.words.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * A peer in the middle of a sequence, as people and other modules see it. Not for the packet path.
 *
 * @param hi the peer's address, as {@link Prefix} has it
 * @param lo its last 64 bits
 * @param door index of the door, in the policy that was asked with
 * @param step knocks passed, 1 or more
 * @param firstKnockMs time of the first knock, in milliseconds since the gate's start
 * @param lastKnockMs time of the latest knock
 */
public record PeerAttempt(
    long hi, long lo, int door, int step, long firstKnockMs, long lastKnockMs) {
  private static final Comparator<PeerAttempt> LEAST_ADVANCED_FIRST =
      Comparator.comparingInt(PeerAttempt::step).thenComparingLong(PeerAttempt::lastKnockMs);

  /**
   * The attempts that still count: the furthest along first, the latest of them before the others.
   *
   * @param plan the policy by which they count
   * @param nowMs milliseconds since the gate's start
   * @param doors which doors of the policy are meant
   * @param peers which peers are meant; null = all
   * @param most how many to list at most, 1 or more; no more than that are held in memory
   */
  public static List<PeerAttempt> list(
      KnockState state,
      PolicyPlan plan,
      long nowMs,
      IntPredicate doors,
      @Nullable Prefix peers,
      int most) {
    PriorityQueue<PeerAttempt> best = new PriorityQueue<>(LEAST_ADVANCED_FIRST);
    state
        .attempts()
        .visit(
            (hi, lo, tag, value, note) -> {
              DoorPlan door = plan.doorOfAttempt(tag);
              if (door != null
                  && doors.test(door.index)
                  && (peers == null || peers.contains(hi, lo))
                  && counts(door, value, note, nowMs)) {
                keep(
                    new PeerAttempt(
                        hi,
                        lo,
                        door.index,
                        Attempt.step(value),
                        Attempt.firstKnockMs(value, note),
                        Attempt.lastKnockMs(value)),
                    best,
                    most);
              }
              return false;
            });
    List<PeerAttempt> list = new ArrayList<>(best);
    list.sort(LEAST_ADVANCED_FIRST.reversed());
    return list;
  }

  private static void keep(PeerAttempt attempt, PriorityQueue<PeerAttempt> best, int most) {
    if (best.size() < most) {
      best.add(attempt);
    } else if (LEAST_ADVANCED_FIRST.compare(attempt, best.element()) > 0) {
      best.remove();
      best.add(attempt);
    }
  }

  /** How many attempts still count, for each door of the policy. */
  public static int[] countPerDoor(KnockState state, PolicyPlan plan, long nowMs) {
    int[] counts = new int[plan.doors.length];
    state
        .attempts()
        .visit(
            (hi, lo, tag, value, note) -> {
              DoorPlan door = plan.doorOfAttempt(tag);
              if (door != null && counts(door, value, note, nowMs)) {
                counts[door.index]++;
              }
              return false;
            });
    return counts;
  }

  /** Whether its time is over; of a door that the policy has no more nobody can say. */
  static boolean isOver(PolicyPlan plan, long tag, long attempt, long note, long nowMs) {
    DoorPlan door = plan.doorOfAttempt(tag);
    return door != null && !counts(door, attempt, note, nowMs);
  }

  private static boolean counts(DoorPlan door, long attempt, long note, long nowMs) {
    KnockPlan knocks = door.knocks;
    return knocks != null
        && !knocks.gapExceeded(nowMs - Attempt.lastKnockMs(attempt))
        && !knocks.windowExceeded(nowMs - Attempt.firstKnockMs(attempt, note));
  }
}

package knockgate.rules;

import knockgate.rules.policy.Spa;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Judges one datagram as a message. One per lane, used by one thread. A forged message allocates
 * nothing and costs its HMACs, within two budgets: that of its prefix for first knocks, and one for
 * all messages together.
 */
final class MessageJudge {
  private static final int NONE = -1;

  private final KnockState state;

  /**
   * By the index of the door. Doors that fwknop's messages to one port open are all in the place of
   * the first of them; null = another of these, or no messages.
   */
  private @Nullable MessageDoor[] doors = {};

  private PolicyPlan plan;

  MessageJudge(PolicyPlan plan, KnockState state) {
    this.plan = plan;
    this.state = state;
    use(plan);
  }

  /** From now on another policy; what was used up stays used up. */
  void use(PolicyPlan next) {
    plan = next;
    doors = new MessageDoor[next.doors.length];
    boolean[] hasFwknop = new boolean[PortRange.HIGHEST + 1];
    for (int i = 0; i < doors.length; i++) {
      DoorPlan door = next.doors[i];
      if (!(door.door.trigger() instanceof Spa spa)) {
        continue;
      }
      if (spa.dialect() instanceof PknockSpa pknock) {
        doors[i] = new PknockDoor(i, door, spa, pknock, state);
      } else if (!hasFwknop[spa.port()]) {
        hasFwknop[spa.port()] = true;
        doors[i] = new FwknopDoors(spa.port(), next, state);
      }
    }
  }

  /**
   * Does what the message asks for, and notes it in the packet: every door that took it, or else
   * the one where it came furthest.
   *
   * @param entry what its destination means
   * @return whether the packet looks like a message of any door
   */
  boolean judge(Packet packet, DoorIndex.Entry entry, long nowNs, long nowMs, long epochMs) {
    if (packet.payloadCut) {
      return false;
    }
    boolean isMessage = false;
    boolean isAsked = false;
    boolean isTaken = false;
    boolean budgetGiven = false;
    int furthest = NONE;
    Reason reason = Reason.SPA_FORM;
    for (int index : entry.messages) {
      MessageDoor door = doors[index];
      if (door == null || !door.hasForm(packet)) {
        continue;
      }
      // of the prefix once for each packet, of the whole for each door
      budgetGiven = isAsked ? budgetGiven : withinBudget(packet, nowNs);
      isAsked = true;
      isMessage |= door.isAddressed(packet);
      Reason outcome =
          budgetGiven ? outcome(door, packet, nowNs, nowMs, epochMs) : Reason.OVER_BUDGET;
      if (isFinal(outcome)) {
        packet.note(outcome, door.door(), 0, door.grantedMs());
        isTaken = true;
      } else if (door.isAddressed(packet) && (furthest == NONE || outcome.compareTo(reason) > 0)) {
        furthest = outcome == Reason.OVER_BUDGET ? index : door.door();
        reason = outcome;
      }
    }
    if (!isTaken && furthest != NONE) {
      packet.note(reason, furthest, 0, -1);
    }
    return isMessage;
  }

  /** Within the budget of all messages, of which judging comes first and explaining second. */
  private Reason outcome(MessageDoor door, Packet packet, long nowNs, long nowMs, long epochMs) {
    MessageBudget budget = state.messageBudget();
    if (!budget.take(door.costNs(packet), nowNs)) {
      return Reason.OVER_BUDGET;
    }
    Reason outcome = door.judge(packet, nowMs, epochMs);
    boolean explainable = outcome == Reason.SPA_HMAC && door.explanationNs() > 0;
    return explainable && budget.takeSpare(door.explanationNs(), nowNs)
        ? door.explain(packet, nowMs, epochMs)
        : outcome;
  }

  private static boolean isFinal(Reason outcome) {
    return switch (outcome) {
      case SPA_OPENED, SPA_SEALED, SPA_CLOSED, GRANTS_FULL -> true;
      default -> false;
    };
  }

  private boolean withinBudget(Packet packet, long nowNs) {
    return state.budget().take(packet, plan.firstKnocks, nowNs);
  }
}

package knockgate.gate.control;

import knockgate.gate.Clocks;
import knockgate.gate.CurrentPolicy;
import knockgate.gate.GrantDesk;
import knockgate.gate.Instruments;
import knockgate.gate.events.Decisions;
import knockgate.gate.events.EventFeed;
import knockgate.rules.KnockState;
import knockgate.rules.PolicyPlan;
import knockgate.rules.policy.Policy;

/**
 * What there is to look at and to change in a running gate. Needs no kernel, and no socket.
 *
 * @param instruments its dials
 * @param current its policy
 * @param state its attempts and grants
 * @param desk where grants are given by hand
 * @param decisions what it remembers
 * @param feed its events, as they happen
 * @param clocks its time
 * @param stop ends it
 */
public record ControlRoom(
    Instruments instruments,
    CurrentPolicy current,
    KnockState state,
    GrantDesk desk,
    Decisions decisions,
    EventFeed feed,
    Clocks clocks,
    Runnable stop) {

  Policy policy() {
    return current.policy();
  }

  PolicyPlan plan() {
    return current.plan();
  }
}

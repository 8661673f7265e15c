package knockgate.gate.control;

import knockgate.rules.Grant;
import knockgate.rules.GrantTable;
import knockgate.rules.PeerAttempt;
import knockgate.rules.PolicyPlan;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Pace;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.Sequence;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;

/**
 * What /proc/net/xt_pknock/NAME printed, byte by byte: pknock_seq_show of xt_pknock.c
 * (xtables-addons 3.23), for whoever reads it with a script.
 *
 * <pre>
 * src=203.0.113.9 proto=TCP status=MATCHING accepted_knock_count=2 expir_time=8 [secs]
 * src=203.0.113.7 proto=TCP status=ALLOWED accepted_knock_count=3 autoclose_time=3541 [secs]
 * </pre>
 *
 * Each line ends with a space. Times are whole seconds; a grant without an end has none. IPv6
 * peers, which the module did not know, look the same. Lines go when their time is up: the module
 * kept them until a packet or its collector came by.
 */
final class PknockLines {
  private final ControlRoom room;

  PknockLines(ControlRoom room) {
    this.room = room;
  }

  void write(Door door, Answer answer) {
    long nowMs = room.clocks().nowMs();
    PolicyPlan plan = room.plan();
    int index = plan.policy().doors().indexOf(door);
    PeerAttempt.list(room.state(), plan, nowMs, i -> i == index, null, Answer.MOST_ROWS)
        .forEach(attempt -> add(matching(attempt, door, nowMs), answer));
    room.state().grants().list(nowMs).stream()
        .filter(grant -> room.state().doorName(grant.tag()).equals(door.name()))
        .forEach(grant -> add(allowed(grant, door, nowMs), answer));
  }

  private static void add(String line, Answer answer) {
    answer.add(Row.of("line").with("text", line));
  }

  private static String matching(PeerAttempt attempt, Door door, long nowMs) {
    Pace pace = Pace.of(door.trigger());
    String time =
        pace == null
            ? ""
            : "expir_time=" + seconds(AttemptRows.leftMs(attempt, pace, nowMs)) + " [secs] ";
    return line(attempt.hi(), attempt.lo(), door, "MATCHING", attempt.step()) + time;
  }

  private static String allowed(Grant grant, Door door, long nowMs) {
    int knocks = Math.max(1, Pace.steps(door.trigger())); // a message is one
    String line = line(grant.hi(), grant.lo(), door, "ALLOWED", knocks);
    return grant.deadlineMs() == GrantTable.NEVER
        ? line
        : line + "autoclose_time=" + seconds(grant.deadlineMs() - nowMs) + " [secs] ";
  }

  private static String line(long hi, long lo, Door door, String status, int knocks) {
    return "src="
        + Prefix.address(hi, lo)
        + " proto="
        + protocol(door)
        + " status="
        + status
        + " accepted_knock_count="
        + knocks
        + " ";
  }

  /** The protocol of the first knock; everything that is not TCP was UDP to the module. */
  private static String protocol(Door door) {
    Protocol first = Protocol.UDP;
    if (door.trigger() instanceof Sequence sequence) {
      first = sequence.steps().get(0).protocol();
    } else if (door.trigger() instanceof Rotating rotating) {
      first = rotating.knocks().range().protocol();
    }
    return first == Protocol.TCP ? "TCP" : "UDP";
  }

  private static long seconds(long millis) {
    return Math.max(0, (millis + 999) / 1000);
  }
}

package knockgate.gate.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import knockgate.gate.Counter;
import knockgate.gate.GrantDesk;
import knockgate.gate.events.Decision;
import knockgate.rules.Grant;
import knockgate.rules.GrantTable;
import knockgate.rules.PeerAttempt;
import knockgate.rules.PolicyPlan;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Pace;
import knockgate.rules.words.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * What became of a peer, in sentences: how it stands now (rows state), what was seen of it (rows
 * seen, the latest last), and what was missing at each door (rows missing). One screen.
 */
final class Why {
  private static final int MOST_REMEMBERED = 400;
  private static final int MOST_SEEN = 12;
  private static final int MOST_STANDING = 4;

  private final ControlRoom room;
  private final Prefix peer;
  private final PolicyPlan plan;
  private final long nowMs;
  private final long epochMs;
  private final Sentences sentences;

  Why(ControlRoom room, Prefix peer, boolean tellsSteps) {
    this.room = room;
    this.peer = peer;
    plan = room.plan();
    nowMs = room.clocks().nowMs();
    epochMs = room.clocks().epochMs();
    sentences = new Sentences(plan.policy(), tellsSteps);
  }

  void write(Answer answer) {
    Map<String, PeerAttempt> attempts = attempts();
    List<Grant> grants = grants();
    List<Decision> remembered = room.decisions().latest(peer, MOST_REMEMBERED).decisions();
    writeState(attempts, grants, answer);
    writeSeen(remembered, answer);
    writeMissing(remembered, attempts, grants, answer);
    writeMemory(remembered, answer);
  }

  // --- how it stands ----------------------------------------------------------------------------

  private void writeState(Map<String, PeerAttempt> attempts, List<Grant> grants, Answer answer) {
    int before = answer.rows();
    for (Prefix rescue : plan.policy().rescue()) {
      if (rescue.length() <= peer.length() && rescue.contains(peer.hi(), peer.lo())) {
        state(answer, peer + " is a rescue address (" + rescue + "): it is always admitted.");
      }
    }
    grants.stream().limit(MOST_STANDING).forEach(grant -> state(answer, sentence(grant)));
    attempts.forEach((door, attempt) -> state(answer, sentence(door, attempt)));
    if (answer.rows() == before) {
      state(answer, "No door is open to " + peer + ", and it is in the middle of no sequence.");
    }
    if (plan.policy().observe()) {
      state(answer, "The gate only observes: it says what it would do, and lets everything pass.");
    }
  }

  private static void state(Answer answer, String text) {
    answer.add(Row.of("state").with("text", text));
  }

  private String sentence(Grant grant) {
    String door = room.state().doorName(grant.tag());
    String left =
        grant.deadlineMs() == GrantTable.NEVER
            ? "until it is revoked"
            : "for another " + Span.text(grant.deadlineMs() - nowMs);
    String connections =
        grant.connections() == GrantTable.UNLIMITED
            ? ""
            : ", " + grant.connections() + " connections left";
    return "Door "
        + door
        + " is open to "
        + Prefix.address(grant.hi(), grant.lo())
        + " "
        + left
        + connections
        + ".";
  }

  private String sentence(String door, PeerAttempt attempt) {
    Pace pace = Pace.of(plan.policy().doors().get(attempt.door()).trigger());
    return "Door "
        + door
        + ": "
        + attempt.step()
        + (pace == null ? "" : " of " + pace.steps())
        + " knocks made, the last "
        + Span.text(nowMs - attempt.lastKnockMs())
        + " ago"
        + (pace == null
            ? ""
            : "; the next must come within " + Span.text(AttemptRows.leftMs(attempt, pace, nowMs)))
        + ".";
  }

  private Map<String, PeerAttempt> attempts() {
    Map<String, PeerAttempt> found = new LinkedHashMap<>();
    PeerAttempt.list(room.state(), plan, nowMs, i -> true, peer, MOST_STANDING)
        .forEach(a -> found.putIfAbsent(plan.policy().doors().get(a.door()).name(), a));
    return found;
  }

  private List<Grant> grants() {
    return room.state().grants().list(nowMs).stream().filter(this::isOurs).toList();
  }

  private boolean isOurs(Grant grant) {
    Door door = door(room.state().doorName(grant.tag()));
    Prefix exact = new Prefix(grant.hi(), grant.lo(), 128);
    Prefix covered = door == null ? exact : GrantDesk.covered(door, exact);
    return covered.contains(peer.hi(), peer.lo()) || peer.contains(grant.hi(), grant.lo());
  }

  private @Nullable Door door(String name) {
    return plan.policy().doors().stream()
        .filter(door -> door.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  // --- what was seen ----------------------------------------------------------------------------

  /** The same thing several times on end is told once. */
  private void writeSeen(List<Decision> remembered, Answer answer) {
    List<Row> rows = new ArrayList<>();
    int i = 0;
    while (i < remembered.size()) {
      int next = i + 1;
      while (next < remembered.size() && isSame(remembered.get(i), remembered.get(next))) {
        next++;
      }
      rows.add(row(remembered.get(next - 1), next - i));
      i = next;
    }
    rows.subList(Math.max(0, rows.size() - MOST_SEEN), rows.size()).forEach(answer::add);
  }

  private static boolean isSame(Decision one, Decision other) {
    return one.reason() == other.reason()
        && one.protocol() == other.protocol()
        && one.port() == other.port()
        && one.peer().equals(other.peer())
        && String.valueOf(one.door()).equals(String.valueOf(other.door()));
  }

  private Row row(Decision decision, int times) {
    return Row.of("seen")
        .with("ago_ms", Math.max(0, epochMs - decision.epochMs()))
        .with("door", decision.door())
        .with("reason", decision.reason().word())
        .with("peer", decision.peer().toString())
        .with("times", times)
        .with("text", sentences.seen(decision));
  }

  // --- what was missing -------------------------------------------------------------------------

  private void writeMissing(
      List<Decision> remembered,
      Map<String, PeerAttempt> attempts,
      List<Grant> grants,
      Answer answer) {
    Map<String, Decision> lastWords = new LinkedHashMap<>();
    for (Decision decision : remembered) {
      String door = decision.door();
      if (door != null && isLastWord(decision, lastWords.get(door))) {
        lastWords.put(door, decision);
      }
    }
    lastWords.forEach(
        (door, last) -> {
          boolean isOpen =
              grants.stream().anyMatch(g -> room.state().doorName(g.tag()).equals(door));
          if (!isOpen) {
            long agoMs = Math.max(0, epochMs - last.epochMs());
            String whose = peer.length() < 128 ? door + ", " + last.peer() : door;
            String text = sentences.missing(whose, last, agoMs, attempts.containsKey(door));
            answer.add(Row.of("missing").with("door", door).with("text", text));
          }
        });
  }

  /** A connection that was refused or admitted says nothing of how the sequence went. */
  private static boolean isLastWord(Decision decision, @Nullable Decision before) {
    return switch (decision.reason()) {
      case GRANTED, SILENT_KNOCK, REPEAT -> false;
      case NO_GRANT -> before == null;
      default -> true;
    };
  }

  private void writeMemory(List<Decision> remembered, Answer answer) {
    Long since = room.decisions().completeSinceMs();
    long left =
        room.instruments().count(Counter.EVENTS_SUPPRESSED)
            + room.instruments().count(Counter.EVENTS_LOST);
    if (remembered.isEmpty()) {
      String back = since == null ? Span.text(nowMs) + ", to the start" : ago(since);
      answer.add(
          missing(
              "Nothing of it is remembered, and memory goes back "
                  + back
                  + ". Either no packet of it reached the queue (look at the rules:"
                  + " \"knockgate rules\"), or none concerned a door."));
    }
    if (left > 0) {
      answer.add(
          missing(
              left
                  + " events were left out since the start because too many came at once; some may"
                  + " have been about it."));
    }
  }

  private String ago(long sinceMs) {
    return Span.text(epochMs - sinceMs);
  }

  private static Row missing(String text) {
    return Row.of("missing").with("text", text);
  }
}

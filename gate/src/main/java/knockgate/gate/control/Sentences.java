package knockgate.gate.control;

import java.time.Duration;
import java.util.List;
import knockgate.gate.events.Decision;
import knockgate.rules.GrantTable;
import knockgate.rules.MessageReport;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Limits;
import knockgate.rules.policy.Pace;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.Trigger;
import org.jspecify.annotations.Nullable;

/** Decisions in words. */
final class Sentences {
  private static final List<String> ORDINALS =
      List.of(
          "", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth");

  private final Policy policy;
  private final boolean tellsSteps;

  /**
   * Words for people.
   *
   * @param policy for the limits that it sets
   * @param tellsSteps whether to name a knock that the peer did not make
   */
  Sentences(Policy policy, boolean tellsSteps) {
    this.policy = policy;
    this.tellsSteps = tellsSteps;
  }

  private static String ordinal(int n) {
    return n < ORDINALS.size() ? ORDINALS.get(n) : n + "th";
  }

  private static String port(Decision decision) {
    return decision.protocol() == null
        ? "a packet"
        : decision.protocol().word() + "/" + decision.port();
  }

  private static String progress(Decision decision) {
    return ": step " + decision.step() + " of " + decision.steps();
  }

  /** What was seen, as a clause without its time and door. */
  String seen(Decision decision) {
    String clause = clause(decision);
    String by = decision.by();
    return clause
        + (by == null ? "" : " (by " + by + ")")
        + (decision.observed() ? " (only observed: it passed)" : "");
  }

  private String clause(Decision decision) {
    String port = port(decision);
    return switch (decision.reason()) {
      case FIRST_KNOCK -> "first knock, " + port + progress(decision);
      case RESTARTED -> "first knock again, " + port + progress(decision);
      case KNOCK ->
          ordinal(decision.step())
              + " knock, "
              + port
              + ", "
              + Span.text(decision.millis())
              + " later"
              + progress(decision);
      case REPEAT -> port + " sent again: ignored";
      case OPENED -> ordinal(decision.step()) + " knock, " + port + ": open" + lasting(decision);
      case GIVEN -> "granted by hand" + lasting(decision);
      case EXTENDED -> "end moved by hand: open" + lasting(decision);
      case TOO_LATE -> late(decision);
      case WRONG_KNOCK ->
          "wrong knock, " + port + ", behind step " + of(decision) + ": the attempt was over";
      case OVER_BUDGET -> "first knock, " + port + ", not counted: " + budget();
      case GRANTED -> port + " admitted";
      case NO_GRANT -> port + " refused: no grant";
      case RESCUE -> port + " admitted: rescue address";
      case SILENT_KNOCK -> port + " dropped: a knock is never answered";
      case SPA_OPENED -> "message to " + port + ": open" + lasting(decision);
      case SPA_CLOCK -> "message to " + port + ": " + clock(decision);
      default -> about(decision) + decision.reason().sentence();
    };
  }

  private static String about(Decision decision) {
    return decision.reason().isOfMessage() ? "message to " + port(decision) + ": " : "";
  }

  private static String clock(Decision decision) {
    MessageReport report = decision.report();
    if (report == null) {
      return decision.reason().sentence();
    }
    long aheadMs = report.clockDifferenceMs();
    String skew = Span.text(aheadMs) + (aheadMs < 0 ? " behind" : " ahead");
    return "the sender's clock is " + skew + ", more than is allowed";
  }

  private static String of(Decision decision) {
    return decision.step() + " of " + decision.steps();
  }

  private static String lasting(Decision decision) {
    return decision.millis() < 0 || decision.millis() >= GrantTable.NEVER
        ? " until revoked"
        : " for " + Span.text(decision.millis());
  }

  /** Which limit it was: that between two knocks, or else that of the whole sequence. */
  private String late(Decision decision) {
    String knock = ordinal(decision.step() + 1) + " knock, " + port(decision) + ", came ";
    String gap = Span.text(decision.millis()) + " after the " + ordinal(decision.step());
    Pace pace = pace(decision.door());
    if (pace == null) {
      return knock + gap + ": too late";
    }
    Duration time = pace.time();
    Duration window = pace.window();
    if (time != null && decision.millis() > time.toMillis()) {
      return knock + gap + "; the limit is " + Span.text(time.toMillis());
    }
    return knock
        + "too late for the whole sequence"
        + (window == null ? "" : ", which may take " + Span.text(window.toMillis()));
  }

  private String budget() {
    Limits limits = policy.limits();
    return "more than "
        + limits.firstKnocksPerSecond()
        + " first knocks a second from its prefix (limits.first-knocks)";
  }

  private @Nullable Trigger trigger(@Nullable String door) {
    for (Door candidate : policy.doors()) {
      if (candidate.name().equals(door)) {
        return candidate.trigger();
      }
    }
    return null;
  }

  private @Nullable Pace pace(@Nullable String door) {
    Trigger trigger = trigger(door);
    return trigger == null ? null : Pace.of(trigger);
  }

  /**
   * What was missing for a door to be open.
   *
   * @param last the last decision that says how far the peer came
   * @param agoMs how long ago that was
   * @param goesOn whether the attempt still counts
   */
  String missing(String door, Decision last, long agoMs, boolean goesOn) {
    return "Door " + door + ": " + missing(last, agoMs, goesOn);
  }

  private String missing(Decision last, long agoMs, boolean goesOn) {
    String begin =
        pace(last.door()) == null
            ? " It has to send a new message."
            : " It has to begin again with the first knock.";
    return switch (last.reason()) {
      case FIRST_KNOCK, RESTARTED, KNOCK ->
          goesOn ? nextIs(last) + " has still to come." : nothingCame(last) + begin;
      case TOO_LATE -> "the " + late(last) + "." + begin;
      case WRONG_KNOCK ->
          "the "
              + ordinal(last.step() + 1)
              + " knock was wrong: "
              + port(last)
              + expected(last)
              + ". The door is strict, so that ended the attempt."
              + begin;
      case NO_GRANT -> "it asked for " + port(last) + " without a knock before.";
      case OVER_BUDGET -> "its first knock was not counted: " + budget() + ".";
      case SPA_CLOCK -> clock(last) + ".";
      case OPENED, SPA_OPENED, GIVEN, EXTENDED ->
          "it was open " + Span.text(agoMs) + " ago, and is no more." + begin;
      case AUTOCLOSED, REVOKED, COVERS_CHANGED, CONNECTIONS_SPENT, SPA_CLOSED ->
          last.reason().sentence() + " " + Span.text(agoMs) + " ago." + begin;
      default -> last.reason().sentence() + ".";
    };
  }

  private String nextIs(Decision last) {
    return "the " + ordinal(last.step() + 1) + " of " + last.steps() + " knocks" + named(last);
  }

  private String nothingCame(Decision last) {
    Pace pace = pace(last.door());
    Duration limit = pace == null ? null : pace.time();
    if (limit == null && pace != null) {
      limit = pace.window();
    }
    return nextIs(last)
        + " did not come"
        + (limit == null ? "." : " within " + Span.text(limit.toMillis()) + ".");
  }

  private String named(Decision last) {
    String step = step(last);
    return step.isEmpty() ? "" : ", " + step + ",";
  }

  private String expected(Decision last) {
    String step = step(last);
    return step.isEmpty() ? "" : " instead of " + step;
  }

  /** The knock that was due behind a decision; empty = not to be told. */
  private String step(Decision last) {
    if (tellsSteps
        && trigger(last.door()) instanceof Sequence sequence
        && last.step() < sequence.steps().size()) {
      return sequence.steps().get(last.step()).toString();
    }
    return "";
  }
}

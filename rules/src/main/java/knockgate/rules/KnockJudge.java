package knockgate.rules;

import knockgate.rules.spa.OnceKey;
import knockgate.rules.table.Insertion;
import knockgate.rules.table.SlotTable;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Judges one packet as a knock, for every door that sees it: moves of the state machine that is
 * drawn in {@link Gatekeeper}. An attempt is one long in the attempt table; every move is a
 * compare-and-set on it, and whoever loses reads again. One per lane, used by one thread.
 */
final class KnockJudge {
  private static final int NONE = -1;

  private final KnockState state;
  private final SlotTable attempts;
  private final GrantTable grants;

  /** This peer's attempts, as {@link SlotTable#collect} fills them in. */
  private final long[] tags = new long[SlotTable.REACH];

  private final long[] values = new long[SlotTable.REACH];

  private PolicyPlan plan;

  /** The packet's time, monotonic, since the gate's start. */
  private long nowNs;

  private long nowMs;

  /** Its wall clock, milliseconds since 1970. */
  private long epochMs;

  /** Whether this packet's one first knock was asked for, and given. */
  private boolean budgetAsked;

  private boolean budgetGiven;

  KnockJudge(PolicyPlan plan, KnockState state) {
    this.plan = plan;
    this.state = state;
    this.attempts = state.attempts();
    this.grants = state.grants();
  }

  void use(PolicyPlan next) {
    plan = next;
  }

  /**
   * Lets the packet do to attempts and grants what it does, and notes it in the packet.
   *
   * @param entry what its destination means
   * @param seenBy the doors before this index see it
   */
  void judge(
      Packet packet, DoorIndex.Entry entry, int seenBy, long nowNs, long nowMs, long epochMs) {
    this.nowNs = nowNs;
    this.nowMs = nowMs;
    this.epochMs = epochMs;
    this.budgetAsked = false;
    int count = attempts.collect(packet.srcHash, packet.srcHi, packet.srcLo, tags, values);
    if (count > 0) {
      judgeAttempts(packet, seenBy, count);
    }
    if (entry.firstSteps.length + entry.rotating.length > 0) {
      beginWhatBegins(packet, entry, seenBy, count);
    }
  }

  private void judgeAttempts(Packet packet, int seenBy, int count) {
    for (int i = 0; i < count; i++) {
      int index = plan.doorOfAttempt(tags[i]);
      boolean concerned = index != NONE && index < seenBy && plan.doors[index].isKnock(packet);
      if (concerned && !isGranted(packet, plan.doors[index])) {
        judgeAttempt(packet, plan.doors[index], tags[i], values[i]);
      }
    }
  }

  private void beginWhatBegins(Packet packet, DoorIndex.Entry entry, int seenBy, int count) {
    for (int index : entry.firstSteps) {
      Course course = plan.doors[index].course;
      if (index < seenBy && course != null) {
        beginIfFirst(packet, course, count);
      }
    }
    for (int index : entry.rotating) {
      Rotation rotation = plan.doors[index].rotation;
      for (int i = 0; index < seenBy && rotation != null && i < Rotation.COUNT; i++) {
        beginIfFirst(packet, rotation.course(i, epochMs), count);
      }
    }
  }

  private void beginIfFirst(Packet packet, Course course, int count) {
    if (course.isStep(0, packet)
        && !wasKnocking(course.tag, count)
        && course.knocks.isKnock(packet)
        && !isGranted(packet, course.door)) {
      begin(packet, course, Reason.FIRST_KNOCK);
    }
  }

  private boolean wasKnocking(long tag, int count) {
    for (int i = 0; i < count; i++) {
      if (tags[i] == tag) {
        return true;
      }
    }
    return false;
  }

  /** One packet, one door, one attempt; again from the start when another lane was faster. */
  private void judgeAttempt(Packet packet, DoorPlan door, long tag, long attempt) {
    Course course = door.courseOf(tag, epochMs);
    long seen = attempt;
    while (course != null && seen != SlotTable.ABSENT && !move(packet, course, seen)) {
      seen = attempts.get(packet.srcHash, packet.srcHi, packet.srcLo, tag);
    }
  }

  /** Makes the move that the packet asks for; false when the attempt has changed meanwhile. */
  private boolean move(Packet packet, Course course, long attempt) {
    int passed = Attempt.step(attempt);
    boolean isNext = course.isStep(passed, packet);
    if (isOver(packet, course, attempt)) {
      return endLate(packet, course, attempt, isNext);
    }
    if (isRepeat(packet, course, attempt)) {
      packet.note(Reason.REPEAT, course.index, passed, -1);
      return true;
    }
    if (isNext) {
      return advance(packet, course, attempt);
    }
    if (!course.knocks.strict) {
      return true;
    }
    if (!forget(packet, course, attempt)) {
      return false;
    }
    boolean restarts = course.knocks.restart && course.isStep(0, packet);
    packet.note(Reason.WRONG_KNOCK, course.index, passed, -1);
    if (restarts) {
      begin(packet, course, Reason.RESTARTED);
    }
    return true;
  }

  private boolean isOver(Packet packet, Course course, long attempt) {
    if (course.knocks.gapExceeded(nowMs - Attempt.lastKnockMs(attempt))) {
      return true;
    }
    return course.knocks.hasWindow()
        && course.knocks.windowExceeded(
            nowMs - attempts.note(packet.srcHash, packet.srcHi, packet.srcLo, course.tag));
  }

  private static boolean isRepeat(Packet packet, Course course, long attempt) {
    return course.knocks.ignoresRepeats
        && course.isStep(Attempt.step(attempt) - 1, packet)
        && Attempt.isSamePacket(attempt, Attempt.fingerprint(packet));
  }

  /** An attempt past its time no longer exists; it was only kept to explain this. */
  private boolean endLate(Packet packet, Course course, long attempt, boolean wasNext) {
    boolean isFirst = course.isStep(0, packet);
    if (!wasNext && !isFirst) {
      return true;
    }
    if (!forget(packet, course, attempt)) {
      return false;
    }
    if (wasNext) {
      long gapMs = nowMs - Attempt.lastKnockMs(attempt);
      packet.note(Reason.TOO_LATE, course.index, Attempt.step(attempt), gapMs);
    }
    if (isFirst) {
      begin(packet, course, Reason.FIRST_KNOCK);
    }
    return true;
  }

  private boolean advance(Packet packet, Course course, long attempt) {
    int passed = Attempt.step(attempt);
    if (course.isLast(passed)) {
      if (!forget(packet, course, attempt)) {
        return false;
      }
      open(packet, course);
      return true;
    }
    long next = Attempt.of(passed + 1, nowMs, Attempt.fingerprint(packet));
    boolean isNoted = passed > 1 || course.knocks.hasWindow(); // when the first one was
    long note = isNoted ? SlotTable.NO_NOTE : Attempt.lastKnockMs(attempt);
    if (!attempts.replace(
        packet.srcHash, packet.srcHi, packet.srcLo, course.tag, attempt, next, note)) {
      return false;
    }
    packet.mustSeePeer |= course.knocks.strict;
    packet.note(Reason.KNOCK, course.index, passed + 1, nowMs - Attempt.lastKnockMs(attempt));
    return true;
  }

  private boolean forget(Packet packet, Course course, long attempt) {
    return attempts.remove(packet.srcHash, packet.srcHi, packet.srcLo, course.tag, attempt);
  }

  /** Only where the course has no attempt: the table need not look, see {@link SlotTable}. */
  private void begin(Packet packet, Course course, Reason reason) {
    if (!withinBudget(packet)) {
      packet.note(Reason.OVER_BUDGET, course.index, 0, -1);
      return;
    }
    if (course.isLast(0)) {
      open(packet, course);
      return;
    }
    long attempt = Attempt.of(1, nowMs, Attempt.fingerprint(packet));
    long note = course.knocks.hasWindow() ? nowMs : SlotTable.NO_NOTE;
    Insertion insertion =
        attempts.insert(
            packet.srcHash, packet.srcHi, packet.srcLo, course.tag, attempt, note, attempt);
    if (insertion == Insertion.FULL) {
      packet.note(Reason.ATTEMPTS_FULL, course.index, 0, -1);
    } else if (insertion != Insertion.EXISTS) {
      packet.mustSeePeer |= course.knocks.strict;
      packet.note(reason, course.index, 1, -1);
    }
  }

  /** Ends every attempt of a packet's source whose wrong knocks could pass unseen. */
  void endUnseen(Packet packet) {
    int count = attempts.collect(packet.srcHash, packet.srcHi, packet.srcLo, tags, values);
    for (int i = 0; i < count; i++) {
      int index = plan.doorOfAttempt(tags[i]);
      KnockPlan knocks = index == NONE ? null : plan.doors[index].knocks;
      if (knocks != null
          && knocks.strict
          && attempts.remove(packet.srcHash, packet.srcHi, packet.srcLo, tags[i], values[i])) {
        packet.note(Reason.UNSEEN, index, 0, -1);
      }
    }
  }

  private boolean isGranted(Packet packet, DoorPlan door) {
    return grants.isGranted(
        door.coverHash(packet), door.coverHi(packet), door.coverLo(packet), door.grantTag, nowMs);
  }

  private void open(Packet packet, Course course) {
    DoorPlan door = course.door;
    Reason refusal = rotatedBefore(packet, course);
    if (refusal != null) {
      packet.note(refusal, course.index, 0, -1);
      return;
    }
    boolean given =
        grants.add(
            door.coverHi(packet),
            door.coverLo(packet),
            door.grantTag,
            nowMs,
            door.deadlineMs(nowMs),
            door.connections);
    packet.note(
        given ? Reason.OPENED : Reason.GRANTS_FULL,
        course.index,
        course.length(),
        door.autocloseMs);
  }

  /** A rotating sequence opens once for a peer; null = this is the first time, or none of those. */
  private @Nullable Reason rotatedBefore(Packet packet, Course course) {
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

  /** Asked once per packet, however many doors begin with it. */
  private boolean withinBudget(Packet packet) {
    if (!budgetAsked) {
      budgetAsked = true;
      budgetGiven = state.budget().take(packet, plan.policy.limits(), nowNs);
    }
    return budgetGiven;
  }
}

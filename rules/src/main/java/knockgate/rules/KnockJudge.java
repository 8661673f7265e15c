package knockgate.rules;

import knockgate.rules.table.Insertion;
import knockgate.rules.table.SlotTable;
import knockgate.rules.words.Reason;

/**
 * Judges one packet as a knock, for every door that sees it: moves of the state machine that is
 * drawn in {@link Gatekeeper}. An attempt is one long in the attempt table; every move is a
 * compare-and-set on it, and whoever loses reads again. One per lane, used by one thread.
 */
final class KnockJudge {
  /** In place of the tag of an attempt that somebody else has ended; no attempt has it. */
  private static final long ENDED = -1;

  private final SlotTable attempts;
  private final FirstKnockBudget budget;
  private final Opener opener;

  /** This peer's attempts, as {@link SlotTable#collect} fills them in. */
  private final long[] tags = new long[SlotTable.REACH];

  private final long[] values = new long[SlotTable.REACH];
  private final int[] slots = new int[SlotTable.REACH];

  /** Where the attempt stands that is being judged. */
  private int slot;

  private PolicyPlan plan;

  /** Where the packet goes, as {@link Packet#destination} has it. */
  private int destination;

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
    this.attempts = state.attempts();
    this.budget = state.budget();
    this.opener = new Opener(state);
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
    this.destination = packet.destination();
    this.nowNs = nowNs;
    this.nowMs = nowMs;
    this.epochMs = epochMs;
    this.budgetAsked = false;
    int count = collect(packet);
    if (count > 0) {
      judgeAttempts(packet, seenBy, count);
    }
    if (entry.begins) {
      beginWhatBegins(packet, entry, seenBy, count);
    }
  }

  private int collect(Packet packet) {
    return attempts.collect(packet.srcHash, packet.srcHi, packet.srcLo, tags, values, slots);
  }

  private void judgeAttempts(Packet packet, int seenBy, int count) {
    for (int i = 0; i < count; i++) {
      long tag = tags[i];
      long attempt = values[i];
      DoorPlan door = plan.doorOfAttempt(tag);
      if (door != null
          && door.index < seenBy
          && door.isKnock(packet)
          && !door.isOpenTo(packet, nowMs)) {
        slot = slots[i];
        if (!judgeAttempt(packet, door, tag, attempt)) {
          tags[i] = ENDED;
        }
      }
    }
  }

  private void beginWhatBegins(Packet packet, DoorIndex.Entry entry, int seenBy, int count) {
    for (Course course : entry.firstSteps) {
      if (course.index < seenBy) {
        beginIfNew(packet, course, count);
      }
    }
    for (DoorPlan door : entry.rotating) {
      Rotation rotation = door.rotation;
      for (int i = 0; door.index < seenBy && rotation != null && i < Rotation.COUNT; i++) {
        Course course = rotation.course(i, epochMs);
        if (course.isStep(0, destination)) {
          beginIfNew(packet, course, count);
        }
      }
    }
  }

  private void beginIfNew(Packet packet, Course course, int count) {
    if (!wasKnocking(course.tag, count)
        && course.knocks.isKnock(packet)
        && !course.door.isOpenTo(packet, nowMs)) {
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

  /**
   * One packet, one door, one attempt; again from the start when another lane was faster.
   *
   * @return false when another lane or the sweeper has ended it: the packet may begin a new one
   */
  private boolean judgeAttempt(Packet packet, DoorPlan door, long tag, long attempt) {
    Course course = door.courseOf(tag, epochMs);
    return course == null || move(packet, course, attempt) || moveAgain(packet, course);
  }

  private boolean moveAgain(Packet packet, Course course) {
    long seen;
    do {
      slot = attempts.find(packet.srcHash, packet.srcHi, packet.srcLo, course.tag);
      seen =
          slot < 0
              ? SlotTable.ABSENT
              : attempts.getAt(slot, packet.srcHi, packet.srcLo, course.tag);
    } while (seen != SlotTable.ABSENT && !move(packet, course, seen));
    return seen != SlotTable.ABSENT;
  }

  /** Makes the move that the packet asks for; false when the attempt has changed meanwhile. */
  private boolean move(Packet packet, Course course, long attempt) {
    int passed = Attempt.step(attempt);
    boolean isNext = course.isStep(passed, destination);
    if (isOver(course, attempt)) {
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
    boolean restarts = course.knocks.restart && course.isStep(0, destination);
    packet.note(Reason.WRONG_KNOCK, course.index, passed, -1);
    if (restarts) {
      begin(packet, course, Reason.RESTARTED);
    }
    return true;
  }

  private boolean isOver(Course course, long attempt) {
    if (course.knocks.gapExceeded(nowMs - Attempt.lastKnockMs(attempt))) {
      return true;
    }
    return course.knocks.hasWindow() && course.knocks.windowExceeded(nowMs - attempts.noteAt(slot));
  }

  private boolean isRepeat(Packet packet, Course course, long attempt) {
    return course.knocks.ignoresRepeats
        && course.isStep(Attempt.step(attempt) - 1, destination)
        && Attempt.isSamePacket(attempt, Attempt.fingerprint(packet));
  }

  /** An attempt past its time no longer exists; it was only kept to explain this. */
  private boolean endLate(Packet packet, Course course, long attempt, boolean wasNext) {
    boolean isFirst = course.isStep(0, destination);
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
      opener.open(packet, course, nowMs, epochMs);
      return true;
    }
    long next = Attempt.of(passed + 1, nowMs, Attempt.fingerprint(packet));
    boolean isNoted = passed > 1 || course.knocks.hasWindow(); // when the first one was
    long note = isNoted ? SlotTable.NO_NOTE : Attempt.lastKnockMs(attempt);
    if (!attempts.replaceAt(slot, packet.srcHi, packet.srcLo, course.tag, attempt, next, note)) {
      return false;
    }
    packet.mustSeePeer |= course.knocks.strict;
    packet.note(Reason.KNOCK, course.index, passed + 1, nowMs - Attempt.lastKnockMs(attempt));
    return true;
  }

  private boolean forget(Packet packet, Course course, long attempt) {
    return attempts.removeAt(slot, packet.srcHash, packet.srcHi, packet.srcLo, course.tag, attempt);
  }

  /** Only where the course has no attempt: the table need not look, see {@link SlotTable}. */
  private void begin(Packet packet, Course course, Reason reason) {
    if (!withinBudget(packet)) {
      packet.note(Reason.OVER_BUDGET, course.index, 0, -1);
      return;
    }
    if (course.isLast(0)) {
      opener.open(packet, course, nowMs, epochMs);
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
    int count = collect(packet);
    for (int i = 0; i < count; i++) {
      DoorPlan door = plan.doorOfAttempt(tags[i]);
      if (door != null
          && door.knocks != null
          && door.knocks.strict
          && attempts.removeAt(
              slots[i], packet.srcHash, packet.srcHi, packet.srcLo, tags[i], values[i])) {
        packet.note(Reason.UNSEEN, door.index, 0, -1);
      }
    }
  }

  /** Asked once per packet, however many doors begin with it. */
  private boolean withinBudget(Packet packet) {
    if (!budgetAsked) {
      budgetAsked = true;
      budgetGiven = budget.take(packet, plan.firstKnocks, nowNs);
    }
    return budgetGiven;
  }
}

package knockgate.rules;

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
  void judge(Packet packet, DoorIndex.Entry entry, int seenBy, long nowNs, long nowMs) {
    this.nowNs = nowNs;
    this.nowMs = nowMs;
    this.budgetAsked = false;
    int count = attempts.collect(packet.srcHi, packet.srcLo, tags, values);
    for (int i = 0; i < count; i++) {
      int index = plan.doorOfAttempt(tags[i]);
      boolean concerned = index != NONE && index < seenBy && plan.doors[index].isKnock(packet);
      if (concerned && !isGranted(packet, plan.doors[index])) {
        judgeAttempt(packet, index, values[i]);
      }
    }
    for (int index : entry.firstSteps) {
      if (index < seenBy && !wasKnocking(plan.doors[index].attemptTag, count)) {
        DoorPlan door = plan.doors[index];
        if (door.isKnock(packet) && !isGranted(packet, door)) {
          begin(packet, index, Reason.FIRST_KNOCK);
        }
      }
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
  private void judgeAttempt(Packet packet, int index, long attempt) {
    DoorPlan door = plan.doors[index];
    long seen = attempt;
    while (seen != SlotTable.ABSENT && !move(packet, index, door, seen)) {
      seen = attempts.get(packet.srcHi, packet.srcLo, door.attemptTag);
    }
  }

  /** Makes the move that the packet asks for; false when the attempt has changed meanwhile. */
  private boolean move(Packet packet, int index, DoorPlan door, long attempt) {
    int passed = Attempt.step(attempt);
    boolean isNext = door.isStep(passed, packet);
    if (isOver(packet, door, attempt)) {
      return endLate(packet, index, door, attempt, isNext);
    }
    if (isRepeat(packet, door, attempt)) {
      packet.note(Reason.REPEAT, index, passed, -1);
      return true;
    }
    if (isNext) {
      return advance(packet, index, door, attempt);
    }
    if (!door.strict) {
      return true;
    }
    if (!forget(packet, door, attempt)) {
      return false;
    }
    boolean restarts = door.restart && door.isStep(0, packet);
    packet.note(Reason.WRONG_KNOCK, index, 0, -1);
    if (restarts) {
      begin(packet, index, Reason.RESTARTED);
    }
    return true;
  }

  private boolean isOver(Packet packet, DoorPlan door, long attempt) {
    if (door.gapExceeded(nowMs - Attempt.lastKnockMs(attempt))) {
      return true;
    }
    return door.hasWindow()
        && door.windowExceeded(nowMs - attempts.note(packet.srcHi, packet.srcLo, door.attemptTag));
  }

  private static boolean isRepeat(Packet packet, DoorPlan door, long attempt) {
    return door.ignoresRepeats
        && door.isStep(Attempt.step(attempt) - 1, packet)
        && Attempt.isSamePacket(attempt, Attempt.fingerprint(packet));
  }

  /** An attempt past its time no longer exists; it was only kept to explain this. */
  private boolean endLate(Packet packet, int index, DoorPlan door, long attempt, boolean wasNext) {
    boolean isFirst = door.isStep(0, packet);
    if (!wasNext && !isFirst) {
      return true;
    }
    if (!forget(packet, door, attempt)) {
      return false;
    }
    if (wasNext) {
      packet.note(Reason.TOO_LATE, index, 0, nowMs - Attempt.lastKnockMs(attempt));
    }
    if (isFirst) {
      begin(packet, index, Reason.FIRST_KNOCK);
    }
    return true;
  }

  private boolean advance(Packet packet, int index, DoorPlan door, long attempt) {
    int passed = Attempt.step(attempt);
    if (door.isLast(passed)) {
      if (!forget(packet, door, attempt)) {
        return false;
      }
      open(packet, index);
      return true;
    }
    long next = Attempt.of(passed + 1, nowMs, Attempt.fingerprint(packet));
    if (!attempts.replace(packet.srcHi, packet.srcLo, door.attemptTag, attempt, next)) {
      return false;
    }
    packet.note(Reason.KNOCK, index, passed + 1, nowMs - Attempt.lastKnockMs(attempt));
    return true;
  }

  private boolean forget(Packet packet, DoorPlan door, long attempt) {
    return attempts.remove(packet.srcHi, packet.srcLo, door.attemptTag, attempt);
  }

  private void begin(Packet packet, int index, Reason reason) {
    if (!withinBudget(packet)) {
      packet.note(Reason.OVER_BUDGET, index, 0, -1);
      return;
    }
    DoorPlan door = plan.doors[index];
    if (door.isLast(0)) {
      open(packet, index);
      return;
    }
    long attempt = Attempt.of(1, nowMs, Attempt.fingerprint(packet));
    SlotTable.Insertion insertion =
        attempts.insert(packet.srcHi, packet.srcLo, door.attemptTag, attempt, nowMs, attempt);
    if (insertion == SlotTable.Insertion.FULL) {
      packet.note(Reason.ATTEMPTS_FULL, index, 0, -1);
    } else if (insertion != SlotTable.Insertion.EXISTS) {
      packet.note(reason, index, 1, -1);
    }
  }

  private boolean isGranted(Packet packet, DoorPlan door) {
    return grants.isGranted(door.coverHi(packet), door.coverLo(packet), door.grantTag, nowMs);
  }

  private void open(Packet packet, int index) {
    DoorPlan door = plan.doors[index];
    boolean given =
        grants.add(
            door.coverHi(packet),
            door.coverLo(packet),
            door.grantTag,
            nowMs,
            door.deadlineMs(nowMs),
            door.connections);
    packet.note(given ? Reason.OPENED : Reason.GRANTS_FULL, index, door.length(), door.autocloseMs);
  }

  /** Asked once per packet, however many doors begin with it. */
  private boolean withinBudget(Packet packet) {
    Limits limits = plan.policy.limits();
    if (limits.firstKnocksPerSecond() == 0) {
      return true;
    }
    if (!budgetAsked) {
      int length = packet.version == 4 ? 96 + limits.prefixV4() : limits.prefixV6();
      budgetAsked = true;
      budgetGiven =
          state
              .budget()
              .take(
                  packet.srcHi & Prefix.maskHi(length),
                  packet.srcLo & Prefix.maskLo(length),
                  nowNs,
                  limits.firstKnocksPerSecond());
    }
    return budgetGiven;
  }
}

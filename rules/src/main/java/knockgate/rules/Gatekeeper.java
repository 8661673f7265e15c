package knockgate.rules;

import knockgate.rules.policy.Mark;
import knockgate.rules.table.KeyHash;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Verdict;

/**
 * The heart: decides one packet after the other. One per lane, used by one thread; what lanes share
 * is in {@link KnockState}. No allocation, no clock, no I/O.
 *
 * <pre>
 *             first step                  next step (in time)              last step
 *  STRANGER -------------> KNOCKING(n) ---------------------> KNOCKING(n+1) -----------> GRANTED
 *      ^                      |  wrong port (strict) / too late                             |
 *      +----------------------+------------------------------ autoclose / close / revoked --+
 *                             repeat of the step just passed: stays, not an error
 * </pre>
 *
 * The moves of knocks are in {@link KnockJudge}; what one message does at once, from STRANGER to
 * GRANTED or back, is in {@link MessageJudge}; a message is never let through. The doors see a
 * packet in file order, up to the one that admits it.
 */
public final class Gatekeeper {
  private static final int NONE = -1;
  private static final long NS_PER_MS = 1_000_000;

  private final KeyHash keyHash;
  private final GrantTable grants;
  private final KnockJudge judge;
  private final MessageJudge messages;

  private PolicyPlan plan;

  /** A gatekeeper for one lane. */
  public Gatekeeper(PolicyPlan plan, KnockState state) {
    this.plan = plan;
    this.keyHash = state.keyHash();
    this.grants = state.grants();
    this.judge = new KnockJudge(plan, state);
    this.messages = new MessageJudge(plan, state);
  }

  /** From now on another policy; attempts and grants stay. */
  public void use(PolicyPlan next) {
    plan = next;
    judge.use(next);
    messages.use(next);
  }

  /**
   * Sets the packet's verdict, mark, reason, door and notes.
   *
   * @param packet as {@link PacketParser} left it
   * @param nowNs monotonic nanoseconds since the gate's start, 0 or more, never going back
   * @param epochMs wall clock in milliseconds since 1970, for messages that carry a time
   */
  public void decide(Packet packet, long nowNs, long epochMs) {
    long nowMs = nowNs / NS_PER_MS;
    packet.clearDecision();
    packet.policy = plan.policy;
    if (!packet.readable) {
      settle(packet, plan.policy.unparsable(), false, Reason.UNPARSABLE);
      return;
    }
    if (plan.isRescue(packet)) {
      settle(packet, Verdict.ACCEPT, true, Reason.RESCUE);
      return;
    }
    packet.srcHash = keyHash.of(packet.srcHi, packet.srcLo);
    DoorIndex.Entry entry = plan.index.at(packet);
    boolean isMessage =
        entry.messages.length > 0 && messages.judge(packet, entry, nowNs, nowMs, epochMs);
    int admitting = isMessage ? NONE : admittingDoor(packet, entry, nowMs);
    int seenBy = admitting == NONE ? plan.doors.length : admitting;
    if (plan.judges(packet)) {
      judge.judge(packet, entry, seenBy, nowNs, nowMs, epochMs);
    }
    if (admitting != NONE) {
      packet.door = admitting;
      settle(packet, Verdict.ACCEPT, true, Reason.GRANTED);
    } else if (isMessage) {
      settle(packet, Verdict.DROP, false, Reason.SILENT_KNOCK);
    } else if (entry.protectors.length > 0) {
      packet.door = entry.protectors[0].index;
      settle(packet, Verdict.DROP, false, Reason.NO_GRANT);
    } else if (isAnyStep(packet, entry)) {
      settle(packet, Verdict.DROP, false, Reason.SILENT_KNOCK);
    } else {
      settle(packet, plan.policy.unmatched(), false, Reason.UNMATCHED);
    }
  }

  /**
   * Fails closed: what a packet gets whose decision went wrong, whatever of it was done. Where the
   * policy only observes, it passes as all do.
   */
  public void fail(Packet packet) {
    packet.clearDecision();
    packet.policy = plan.policy;
    settle(packet, Verdict.DROP, false, Reason.FAILED);
  }

  /**
   * Ends the strict attempts of a packet's source, because nothing assures that its wrong knocks
   * would be seen; each is noted in the packet.
   *
   * @param packet one just decided, with {@link Packet#mustSeePeer} set
   */
  public void endUnseen(Packet packet) {
    judge.endUnseen(packet);
  }

  /** In observe mode everything passes, with the mark, or the rules behind would still drop it. */
  private void settle(Packet packet, Verdict verdict, boolean admitted, Reason reason) {
    boolean observe = plan.policy.observe();
    packet.reason = reason;
    packet.intended = verdict;
    packet.verdict = observe ? Verdict.ACCEPT : verdict;
    Mark mark = plan.policy.mark();
    if (mark != null && (admitted || observe)) {
      packet.marked = true;
      packet.mark = mark.over(packet.arrivalMark);
    }
  }

  /** A rotating door's whole range is silent, or a scan would find the present ports. */
  private static boolean isAnyStep(Packet packet, DoorIndex.Entry entry) {
    return isKnockOfAny(packet, entry.steps) || isKnockOfAny(packet, entry.rotating);
  }

  private static boolean isKnockOfAny(Packet packet, DoorPlan[] doors) {
    for (DoorPlan door : doors) {
      if (door.isKnock(packet)) {
        return true;
      }
    }
    return false;
  }

  /** The first door that admits the packet, or NONE. */
  private int admittingDoor(Packet packet, DoorIndex.Entry entry, long nowMs) {
    if (packet.headerCut) {
      return NONE;
    }
    for (DoorPlan door : entry.protectors) {
      int left = consume(packet, door, door.grantTag, nowMs);
      if (left < 0 && door.opensPorts && packet.protocol != null) {
        left = consume(packet, door, door.grantTag(packet.protocol, packet.dstPort), nowMs);
      }
      if (left >= 0) {
        if (left == 0) {
          packet.note(Reason.CONNECTIONS_SPENT, door.index, 0, -1);
        }
        return door.index;
      }
    }
    return NONE;
  }

  /**
   * Connections left behind this one, or -1 = not admitted. The grant says whether it counts them:
   * it may have been given under another policy than this door's.
   */
  private int consume(Packet packet, DoorPlan door, long tag, long nowMs) {
    boolean counts = door.connections != GrantTable.UNLIMITED;
    int connection = counts ? connection(packet) : GrantTable.NO_CONNECTION;
    int left = consume(packet, door, tag, nowMs, connection);
    return left == GrantTable.COUNTS ? consume(packet, door, tag, nowMs, connection(packet)) : left;
  }

  private int consume(Packet packet, DoorPlan door, long tag, long nowMs, int connection) {
    return grants.consume(
        door.cover.hash(packet),
        door.cover.hi(packet),
        door.cover.lo(packet),
        tag,
        nowMs,
        connection);
  }

  /**
   * Folds what all packets have in common that begin one connection: its two ends, and for TCP the
   * sequence number, which tells a SYN sent again from another connection by the same port. Of UDP
   * the kernel calls every packet new that comes before the first answer, whatever it says. The
   * source's hash is secret, or others that fold to the same could be found beforehand. It is
   * another one in another run of the gate, but no grant's last connection is kept over its end.
   */
  private static int connection(Packet packet) {
    int protocol = packet.protocol == null ? 0 : packet.protocol.number();
    long hash = fold(packet.srcHash, (long) packet.srcPort << 16 | packet.dstPort);
    hash = fold(fold(fold(hash, protocol), packet.srcHi), packet.srcLo);
    hash = fold(fold(hash, packet.dstHi), packet.dstLo);
    int folded = (int) fold(hash, packet.sequence);
    return folded == GrantTable.NO_CONNECTION ? 1 : folded;
  }

  private static long fold(long hash, long word) {
    long mixed = (hash ^ word) * 0x9e3779b97f4a7c15L;
    return mixed ^ mixed >>> 32;
  }
}

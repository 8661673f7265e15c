package knockgate.rules;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import knockgate.rules.policy.Limits;
import knockgate.rules.spa.ReplayWindow;
import knockgate.rules.table.KeyHash;
import knockgate.rules.table.SlotTable;

/**
 * All that the lanes share: attempts, grants, the first-knock budget, and the numbers that doors
 * have in them. It outlives a policy, so that a reload loses nothing. Any thread may use it.
 */
public final class KnockState {
  /** Most sequences that one peer can be in the middle of. */
  public static final int SEQUENCES_AT_ONCE = SlotTable.REACH;

  /**
   * Messages and used sequences that are remembered at a time, in sets of eight. Only who knows a
   * secret adds one. An fwknop message stays for an hour; one for GPG counts twice, and once of
   * that stays for two. Two a second that stay an hour are 7,200, or 0.9 for a set on average: the
   * next one finds its set full once in 200,000 times (Poisson); where they stay two hours, once in
   * 2,000.
   */
  private static final int REPLAYS = 65_536;

  private final KeyHash keyHash;
  private final SlotTable attempts;
  private final GrantTable grants;
  private final FirstKnockBudget budget;
  private final ReplayWindow replays = new ReplayWindow(REPLAYS);
  private final MessageBudget messageBudget = new MessageBudget();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<String> names = new ArrayList<>();

  /** Empty tables of the policy's size for one lane, hashed with fresh random seeds. */
  public KnockState(Limits limits) {
    this(limits, 1, new SecureRandom()::nextLong);
  }

  /**
   * Empty tables of the policy's size.
   *
   * @param lanes how many threads judge packets
   * @param seeds gives numbers that strangers cannot guess
   */
  public KnockState(Limits limits, int lanes, LongSupplier seeds) {
    boolean many = lanes > 1;
    keyHash = new KeyHash(seeds.getAsLong(), seeds.getAsLong());
    attempts = new SlotTable(limits.attempts(), true, many, keyHash);
    grants = new GrantTable(limits.grants(), keyHash);
    budget = new FirstKnockBudget(many);
  }

  /** Memory of the tables, in bytes. */
  public static long bytes(Limits limits) {
    return SlotTable.bytes(limits.attempts())
        + SlotTable.bytes(limits.grants())
        + FirstKnockBudget.bytes()
        + (long) REPLAYS * Long.BYTES;
  }

  /** What all its tables hash addresses with. */
  KeyHash keyHash() {
    return keyHash;
  }

  SlotTable attempts() {
    return attempts;
  }

  /** Who may pass which door. */
  public GrantTable grants() {
    return grants;
  }

  FirstKnockBudget budget() {
    return budget;
  }

  /** What all the doors' messages may cost together. */
  MessageBudget messageBudget() {
    return messageBudget;
  }

  /** Messages and rotating sequences that were used, for as long as they would be accepted. */
  public ReplayWindow replays() {
    return replays;
  }

  /** Peers in the middle of a sequence, those whose time is up included until they are swept. */
  public int attemptCount() {
    return attempts.size();
  }

  /** Most peers in the middle of a sequence. */
  public int attemptLimit() {
    return attempts.limit();
  }

  /**
   * The number of a door's name, or of anything else that must keep its number over a reload. Given
   * on first request and never again to another name.
   */
  synchronized int idOf(String name) {
    Integer known = ids.get(name);
    if (known == null) {
      known = names.size();
      ids.put(name, known);
      names.add(name);
    }
    return known;
  }

  /** The tag in the grant table for all that a door protects. */
  public long grantTag(String door) {
    return GrantTag.of(idOf(door));
  }

  /** The door that a grant's tag was given for. */
  public synchronized String doorName(long tag) {
    return names.get(GrantTag.doorId(tag));
  }

  /**
   * Forgets attempts that no longer count. They are kept to explain a late knock, but only while
   * half of the table is free: a beginner throws out nobody who is further along than he is, not
   * even one whose time is over.
   *
   * @param plan the policy by which they count
   * @param explainedMs how long behind its last knock an attempt is kept for that
   */
  public void sweepAttempts(PolicyPlan plan, long nowMs, long explainedMs) {
    boolean isCrowded = attempts.size() > attempts.limit() / 2;
    long beforeMs = nowMs - Math.max(explainedMs, plan.longestPauseMs());
    attempts.visit(
        (hi, lo, tag, value, note) ->
            Attempt.lastKnockMs(value) < beforeMs
                || (isCrowded && PeerAttempt.isOver(plan, tag, value, note, nowMs)));
  }
}

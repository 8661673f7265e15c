package knockgate.gate.events;

import java.util.function.ObjLongConsumer;
import knockgate.rules.MessageReport;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The latest decisions, in arrays that are taken once: kept as objects they would fill the old
 * generation, whose collection stops the lanes. Each new one takes the place of the oldest. Not
 * safe for threads: {@link Decisions} is.
 *
 * <pre>
 *   longs   5 per decision   order, time, peer hi, peer lo, milliseconds of the reason
 *   ints    4 per decision   prefix length, port, step, steps
 *   and one each of reason, door, protocol, report, observed
 * </pre>
 */
final class DecisionRing {
  private static final int LONGS = 5;
  private static final int INTS = 4;

  private final int size;
  private final long[] longs;
  private final int[] ints;
  private final Reason[] reasons;
  private final @Nullable String[] doors;
  private final @Nullable Protocol[] protocols;
  private final @Nullable MessageReport[] reports;
  private final boolean[] observed;
  private final @Nullable String[] users;
  private long next;

  DecisionRing(int size) {
    this.size = size;
    longs = new long[LONGS * size];
    ints = new int[INTS * size];
    reasons = new Reason[size];
    doors = new String[size];
    protocols = new Protocol[size];
    reports = new MessageReport[size];
    observed = new boolean[size];
    users = new String[size];
  }

  /**
   * Remembers a decision.
   *
   * @param order its place among all decisions
   */
  void add(Decision decision, long order) {
    int at = (int) (next++ % size);
    longs[LONGS * at] = order;
    longs[LONGS * at + 1] = decision.epochMs();
    longs[LONGS * at + 2] = decision.peer().hi();
    longs[LONGS * at + 3] = decision.peer().lo();
    longs[LONGS * at + 4] = decision.millis();
    ints[INTS * at] = decision.peer().length();
    ints[INTS * at + 1] = decision.port();
    ints[INTS * at + 2] = decision.step();
    ints[INTS * at + 3] = decision.steps();
    reasons[at] = decision.reason();
    doors[at] = decision.door();
    protocols[at] = decision.protocol();
    reports[at] = decision.report();
    observed[at] = decision.observed();
    users[at] = decision.by();
  }

  /**
   * Hands over the latest decisions with their order, latest first.
   *
   * @param peer only those whose peer is within it, or holds it; null = all
   * @param most how many at most
   */
  void collect(@Nullable Prefix peer, int most, ObjLongConsumer<Decision> into) {
    int found = 0;
    for (long i = next - 1; i >= 0 && i >= next - size && found < most; i--) {
      int at = (int) (i % size);
      if (peer == null || meets(peer, at)) {
        into.accept(decision(at), longs[LONGS * at]);
        found++;
      }
    }
  }

  private boolean meets(Prefix peer, int at) {
    int length = Math.min(peer.length(), ints[INTS * at]);
    return ((longs[LONGS * at + 2] ^ peer.hi()) & Prefix.maskHi(length)) == 0
        && ((longs[LONGS * at + 3] ^ peer.lo()) & Prefix.maskLo(length)) == 0;
  }

  private Decision decision(int at) {
    return new Decision(
        longs[LONGS * at + 1],
        reasons[at],
        doors[at],
        new Prefix(longs[LONGS * at + 2], longs[LONGS * at + 3], ints[INTS * at]),
        protocols[at],
        ints[INTS * at + 1],
        ints[INTS * at + 2],
        ints[INTS * at + 3],
        longs[LONGS * at + 4],
        reports[at],
        observed[at],
        users[at]);
  }

  /** Time of the oldest decision, if older ones were forgotten; Long.MIN_VALUE = none were. */
  long completeSinceMs() {
    return next <= size ? Long.MIN_VALUE : longs[LONGS * (int) (next % size) + 1];
  }
}

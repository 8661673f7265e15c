package knockgate.gate.events;

import java.util.List;
import java.util.TreeMap;
import knockgate.rules.words.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * What the gate remembers of its decisions, to explain them: the latest, in some 2 MB. Written by
 * the audit thread, read by any.
 *
 * <p>Two rings, so that strangers cannot push out what they cannot cause: a flood of first knocks
 * fills its own ring only.
 */
public final class Decisions {
  private static final int SIZE = 1 << 14;

  /**
   * What was remembered at one moment.
   *
   * @param decisions oldest first
   * @param nextOrder the place that the decision after that moment gets
   */
  public record Latest(List<Decision> decisions, long nextOrder) {}

  private final DecisionRing cheap;
  private final DecisionRing dear;
  private long order;

  public Decisions() {
    this(SIZE);
  }

  Decisions(int size) {
    cheap = new DecisionRing(size);
    dear = new DecisionRing(size);
  }

  /**
   * Remembers one more.
   *
   * @return its place among all decisions, from 0
   */
  public synchronized long remember(Decision decision) {
    (decision.reason().isCheap() ? cheap : dear).add(decision, order);
    return order++;
  }

  /**
   * The latest decisions, oldest first.
   *
   * @param peer only those on this peer, on peers of this prefix, and on prefixes that hold it;
   *     null = all
   * @param most how many at most
   */
  public synchronized Latest latest(@Nullable Prefix peer, int most) {
    TreeMap<Long, Decision> found = new TreeMap<>();
    cheap.collect(peer, most, (decision, at) -> found.put(at, decision));
    dear.collect(peer, most, (decision, at) -> found.put(at, decision));
    List<Decision> all = List.copyOf(found.values());
    return new Latest(all.subList(Math.max(0, all.size() - most), all.size()), order);
  }

  /**
   * From when on nothing was forgotten, milliseconds since 1970; null = nothing ever was, since the
   * gate's start.
   */
  public synchronized @Nullable Long completeSinceMs() {
    long since = Math.max(cheap.completeSinceMs(), dear.completeSinceMs());
    return since == Long.MIN_VALUE ? null : since;
  }
}

package knockgate.bench;

import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;
import org.openjdk.jmh.runner.IterationType;

/**
 * How quick memory is, right before and right behind each iteration: nanoseconds per step of a
 * chain of references through 4 MB, which the third cache holds where nobody else takes it. On a
 * virtual machine the host's other guests do, in some minutes; what was measured then says more of
 * them than of the gate.
 */
public final class MemoryProfiler implements InternalProfiler {
  /** The name of the figure in JMH's JSON. */
  static final String NAME = "memory.4MB";

  /** A third cache answers within this, in nanoseconds; memory itself takes 80 to 180. */
  static final double QUICK_NS = 30;

  private static final int LINE = 64 / Integer.BYTES;
  private static final int LINES = 4 * 1024 * 1024 / 64;
  private static final int ROUNDS = 3;

  private final int[] chain = chain();

  /** Where the walk is; kept, so that no compiler can leave the walk out. */
  private int at;

  private double before;

  /** All lines in one ring, in random order, each holding where the next one is. */
  private static int[] chain() {
    int[] order = new int[LINES];
    Random random = new Random(1);
    for (int i = 0; i < LINES; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    int[] chain = new int[LINES * LINE];
    for (int i = 0; i < LINES; i++) {
      chain[order[i] * LINE] = order[(i + 1) % LINES] * LINE;
    }
    return chain;
  }

  /** Once round the ring; nanoseconds per step. */
  private double walk() {
    long start = System.nanoTime();
    int next = at;
    for (int i = 0; i < LINES; i++) {
      next = chain[next];
    }
    at = next;
    return (double) (System.nanoTime() - start) / LINES;
  }

  /** The quickest round: the first ones fetch the ring, and compile this. */
  private double measure() {
    double least = Double.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      least = Math.min(least, walk());
    }
    return least;
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = isMeasured(iteration) ? measure() : 0;
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    if (!isMeasured(iteration)) {
      return List.of();
    }
    double slower = Math.max(before, measure());
    return List.of(new ScalarResult(NAME, slower, "ns/step", AggregationPolicy.AVG));
  }

  private static boolean isMeasured(IterationParams iteration) {
    return iteration.getType() == IterationType.MEASUREMENT;
  }

  @Override
  public String getDescription() {
    return "How quick memory is, by a chain of references through 4 MB";
  }
}

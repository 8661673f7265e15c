package knockgate.bench;

import java.util.concurrent.TimeUnit;
import knockgate.rules.GrantTable;
import knockgate.rules.GrantTag;
import knockgate.rules.table.SlotTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whether a look-up costs the same in a table that is nearly empty and in a full one: room for a
 * million attempts and a million grants, filled in part or all. The order of look-ups is random, so
 * what grows with the filling is what no longer fits the processor's caches.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+UseSerialGC", "-XX:+UseTransparentHugePages"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class FillBenchmark {
  private static final long SEED = 20261122;
  private static final int LIMIT = 1 << 20;
  private static final long TAG = GrantTag.of(1);
  private static final long NOT_THERE = 1L << 50;

  @Param({"1", "25", "50", "75", "100"})
  int percent;

  private final Draw draw = new Draw(SEED);
  private int entries;
  private SlotTable attempts;
  private GrantTable grants;

  /** Fills both tables. */
  @Setup
  public void fill() {
    entries = LIMIT / 100 * percent;
    attempts = new SlotTable(LIMIT, true, true, TableBenchmark.HASH);
    grants = new GrantTable(LIMIT, TableBenchmark.HASH);
    for (int i = 0; i < entries; i++) {
      long key = TableBenchmark.key(i);
      attempts.insert(TableBenchmark.HASH.of(0, key), 0, key, 1, TableBenchmark.value(i), 0, 0);
      grants.add(0, key, TAG, 0, GrantTable.NEVER, GrantTable.UNLIMITED);
    }
    if (attempts.size() != entries || grants.size() != entries) {
      throw new IllegalStateException(attempts.size() + " attempts, " + grants.size() + " grants");
    }
  }

  private int next() {
    return draw.below(entries);
  }

  /** The attempt of a peer in the middle of its sequence. */
  @Benchmark
  public long attempt() {
    long key = TableBenchmark.key(next());
    return attempts.get(TableBenchmark.HASH.of(0, key), 0, key, 1);
  }

  /** A stranger. */
  @Benchmark
  public long noAttempt() {
    long key = TableBenchmark.key(next() + NOT_THERE);
    return attempts.get(TableBenchmark.HASH.of(0, key), 0, key, 1);
  }

  /** Somebody who holds a grant. */
  @Benchmark
  public boolean grant() {
    return grants.isGranted(0, TableBenchmark.key(next()), TAG, 1);
  }

  /** Somebody who does not. */
  @Benchmark
  public boolean noGrant() {
    return grants.isGranted(0, TableBenchmark.key(next() + NOT_THERE), TAG, 1);
  }
}

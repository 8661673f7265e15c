package knockgate.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import knockgate.rules.table.Insertion;
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
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * A full {@link SlotTable}: for every newcomer somebody must go who has been there for long, in
 * great tables some 32 at once for as many newcomers. With several threads, whoever put them in.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+UseSerialGC", "-XX:+UseTransparentHugePages"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class EvictionBenchmark {
  @Param({"1024", "65536", "1048576"})
  int entries;

  private SlotTable table;
  private final AtomicInteger threads = new AtomicInteger();

  /** Fills the table. */
  @Setup
  public void fill(BenchmarkParams params) {
    table = new SlotTable(entries, true, params.getThreads() > 1, TableBenchmark.HASH);
    Newcomers first = new Newcomers();
    first.begin(this);
    while (table.size() < entries) {
      evict(first);
    }
  }

  /** Those whom one thread puts in: keys that nobody else has, values that grow. */
  @State(Scope.Thread)
  public static class Newcomers {
    private long keys;
    private long value;

    /** Takes keys of its own, and values above those that the table was filled with. */
    @Setup
    public void begin(EvictionBenchmark benchmark) {
      int before = benchmark.threads.getAndIncrement();
      keys = (long) before << 40;
      value = before == 0 ? 0 : 1L << 32;
    }
  }

  @Benchmark
  public Insertion evict(Newcomers newcomers) {
    long value = ++newcomers.value;
    long key = TableBenchmark.key(newcomers.keys + value);
    return table.insert(TableBenchmark.HASH.of(0, key), 0, key, 1, value, 0, SlotTable.MAX_VALUE);
  }
}

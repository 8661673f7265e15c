package knockgate.bench;

import java.util.concurrent.TimeUnit;
import knockgate.rules.table.SlotTable;
import knockgate.rules.table.SlotTable.Insertion;
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

/** A full {@link SlotTable}: every newcomer takes the place of the oldest near its own. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EvictionBenchmark {
  @Param({"1024", "65536", "1048576"})
  int entries;

  private SlotTable table;
  private long newest;

  /** Fills the table. */
  @Setup
  public void fill() {
    table = new SlotTable(entries, true, 0x1234_5678_9abc_def0L, 0x0fed_cba9_8765_4321L);
    newest = 0;
    while (table.size() < entries) {
      evict();
    }
  }

  @Benchmark
  public Insertion evict() {
    long i = ++newest;
    return table.insert(0, TableBenchmark.key(i), 1, i, 0, i);
  }
}

package knockgate.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import knockgate.rules.table.KeyHash;
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
 * {@link knockgate.rules.table.SlotTable} beside the maps that could have stood in its place, all
 * filled with as many entries as the table's limit. Keys are drawn with a seed; each thread has an
 * order of its own. With more than one thread the Agrona maps are left out: they would break.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "-Xms2g",
      "-Xmx2g",
      "-XX:+UseSerialGC",
      "-XX:+UseTransparentHugePages", // as the gate's tables have them
      "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"
    })
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class TableBenchmark {
  /** What the gate's tables hash with in every benchmark, and in the races. */
  static final KeyHash HASH = new KeyHash(0x1234_5678_9abc_def0L, 0x0fed_cba9_8765_4321L);

  private static final long SEED = 20261122;

  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  @Param({
    "SLOT_TABLE",
    "CONCURRENT_HASH_MAP",
    "JCTOOLS_NON_BLOCKING",
    "AGRONA_LONG_TO_OBJECT",
    "AGRONA_LONG_TO_LONG"
  })
  LongTable.Kind table;

  @Param({"1024", "65536", "1048576"})
  int entries;

  LongTable map;
  private final AtomicInteger threads = new AtomicInteger();

  /** Fills the table. */
  @Setup
  public void fill(BenchmarkParams params) {
    map = table.create(entries, params.getThreads() > 1);
    for (int i = 0; i < entries; i++) {
      map.put(key(i), value(i));
    }
  }

  /**
   * The i-th key, never 0: JCTools and Agrona treat that one apart. Each number leads to another
   * one, without a pattern (splitmix64): multiples of SPREAD alone lie apart from each other, and
   * maps that hash by shifts have fewer of them at one place than of keys as they come.
   */
  static long key(long i) {
    long key = (i + 1) * SPREAD;
    key = (key ^ key >>> 30) * 0xbf58476d1ce4e5b9L;
    key = (key ^ key >>> 27) * 0x94d049bb133111ebL;
    return key ^ key >>> 31;
  }

  static long value(long i) {
    return i + 1;
  }

  /** The order in which one thread asks. */
  @State(Scope.Thread)
  public static class Order {
    private Draw draw;
    private int entries;

    /** The window of keys that this thread puts in and takes out: first and behind the last. */
    private long oldest;

    private long newest;

    /** How far the last value found was from the right one: 0, which only the look-up can tell. */
    private long error;

    /** Begins an order of its own. */
    @Setup
    public void begin(TableBenchmark benchmark) {
      int thread = benchmark.threads.getAndIncrement();
      draw = new Draw(SEED + thread);
      entries = benchmark.entries;
      newest = (thread + 1L) << 40;
      oldest = newest;
    }

    int next() {
      return draw.below(entries);
    }
  }

  /** A key that is there. */
  @Benchmark
  public long hit(Order order) {
    return map.get(key(order.next()));
  }

  /**
   * A key that is there, and is not known before the last look-up is done: what one costs alone. In
   * {@link #hit} the processor is at several at once.
   */
  @Benchmark
  public long hitAlone(Order order) {
    long number = order.next() + order.error;
    long value = map.get(key(number));
    order.error = value - value(number);
    return value;
  }

  /** A key that is not there. */
  @Benchmark
  public long miss(Order order) {
    return map.get(key(order.next() + (1L << 50)));
  }

  /** A new key goes in and, from 256 on, the thread's oldest one goes out. */
  @Benchmark
  public void insertAndRemove(Order order) {
    long key = order.newest++;
    map.put(key(key), value(key));
    if (order.newest - order.oldest > 256) {
      long old = order.oldest++;
      map.remove(key(old), value(old));
    }
  }
}

package knockgate.bench;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import knockgate.rules.table.Insertion;
import knockgate.rules.table.SlotTable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.ZJJ_Result;

/**
 * Two threads at one {@link SlotTable}. Its limit is 1, so that all keys live in the same 32 slots
 * and a newcomer always wants the place of whoever is there.
 *
 * <p>A = key (1, 1, 1), B = key (2, 2, 1): the same tag, so that only address tells them apart.
 */
public final class SlotTableRaces {
  private SlotTableRaces() {}

  /** What the tests share: a table, its two keys, and short ways to use them. */
  static class OneSlot {
    static final long A = 1;
    static final long B = 2;

    final SlotTable table;

    OneSlot() {
      this(true);
    }

    /** Where one actor alone inserts, the table may know it: then it neither looks nor waits. */
    OneSlot(boolean manyInsert) {
      table = new SlotTable(1, true, manyInsert, TableBenchmark.HASH);
    }

    long get(long key) {
      return table.get(TableBenchmark.HASH.of(key, key), key, key, 1);
    }

    /** Whether it is in; a smaller value than {@code evictBelow} may go for it. */
    boolean insert(long key, long value, long evictBelow) {
      Insertion insertion =
          table.insert(TableBenchmark.HASH.of(key, key), key, key, 1, value, 0, evictBelow);
      return insertion == Insertion.INSERTED || insertion == Insertion.EVICTED;
    }

    boolean replace(long key, long expected, long value) {
      return table.replace(TableBenchmark.HASH.of(key, key), key, key, 1, expected, value);
    }

    boolean remove(long key, long expected) {
      return table.remove(TableBenchmark.HASH.of(key, key), key, key, 1, expected);
    }

    /** The same, by the slot, as a lane does it. */
    boolean removeAt(long key, long expected) {
      long hashed = TableBenchmark.HASH.of(key, key);
      int slot = table.find(hashed, key, key, 1);
      return slot >= 0 && table.removeAt(slot, hashed, key, key, 1, expected);
    }

    /** Entries, found by walking the whole table. */
    int count() {
      int[] entries = {0};
      table.visit(
          (hi, lo, tag, value, note) -> {
            entries[0]++;
            return false;
          });
      return entries[0];
    }
  }

  /** Two lanes see the first knock of one peer: one attempt comes of it, not two. */
  @JCStressTest
  @Outcome(id = "1, 1, [56]", expect = ACCEPTABLE, desc = "one entry, with one of the values")
  @Outcome(expect = FORBIDDEN, desc = "lasting twins, or the key is lost")
  @State
  public static class TwinInsertions extends OneSlot {
    @Actor
    public void one() {
      insert(A, 5, 0);
    }

    @Actor
    public void other() {
      insert(A, 6, 0);
    }

    @Arbiter
    public void after(JJJ_Result r) {
      r.r1 = count();
      r.r2 = table.size();
      r.r3 = get(A);
    }
  }

  /**
   * The same, and the attempt moves on before the slower of the two lanes sees that it is there.
   */
  @JCStressTest
  @Outcome(id = "1, 1, [568]", expect = ACCEPTABLE, desc = "one entry, moved on or not")
  @Outcome(expect = FORBIDDEN, desc = "lasting twins, or the key is lost")
  @State
  public static class TwinInsertionsAndMove extends OneSlot {
    @Actor
    public void one() {
      insert(A, 5, 0);
    }

    @Actor
    public void other() {
      insert(A, 6, 0);
      if (!replace(A, 5, 8)) {
        replace(A, 6, 8);
      }
    }

    @Arbiter
    public void after(JJJ_Result r) {
      r.r1 = count();
      r.r2 = table.size();
      r.r3 = get(A);
    }
  }

  /** A's slot is freed and given to B with the very value that A had. */
  @JCStressTest
  @Outcome(id = "true, 9, -1", expect = ACCEPTABLE, desc = "moved before it could be removed")
  @Outcome(id = "false, -1, 5", expect = ACCEPTABLE, desc = "removed before it could move")
  @Outcome(expect = FORBIDDEN, desc = "A's compare-and-set hit B's value")
  @State
  public static class ReuseAndReplacement extends OneSlot {
    public ReuseAndReplacement() {
      insert(A, 5, 0);
    }

    @Actor
    public void reuser() {
      if (remove(A, 5)) {
        insert(B, 5, 0);
      }
    }

    @Actor
    public void mover(ZJJ_Result r) {
      r.r1 = replace(A, 5, 9);
    }

    @Arbiter
    public void after(ZJJ_Result r) {
      r.r2 = get(A);
      r.r3 = get(B);
    }
  }

  /** Two lanes take out the same entry, and only one of them is told that it did. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "exactly one of them removed it")
  @Outcome(expect = FORBIDDEN, desc = "removed twice or never, or the count is wrong")
  @State
  public static class TwinRemovals extends OneSlot {
    private boolean first;
    private boolean second;

    public TwinRemovals() {
      insert(A, 5, 0);
    }

    @Actor
    public void one() {
      first = remove(A, 5);
    }

    @Actor
    public void other() {
      second = remove(A, 5);
    }

    @Arbiter
    public void after(JJ_Result r) {
      r.r1 = first == second ? 0 : 1;
      r.r2 = table.size() + (long) count();
    }
  }

  /** A reader never takes B's value, or half of it, for A's. */
  @JCStressTest
  @Outcome(id = "(5|-1), (5|-1)", expect = ACCEPTABLE, desc = "A's value, or no A")
  @Outcome(expect = FORBIDDEN, desc = "a value that A never had, or A back from the dead")
  @Outcome(id = "-1, 5", expect = FORBIDDEN, desc = "A back from the dead")
  @State
  public static class ReuseAndReading extends OneSlot {
    public ReuseAndReading() {
      insert(A, 5, 0);
    }

    @Actor
    public void reuser() {
      remove(A, 5);
      insert(B, 7, 0);
    }

    @Actor
    public void reader(JJ_Result r) {
      r.r1 = get(A);
      r.r2 = get(A);
    }
  }
}

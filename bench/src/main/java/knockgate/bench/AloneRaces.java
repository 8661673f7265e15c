package knockgate.bench;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import knockgate.bench.SlotTableRaces.OneSlot;
import knockgate.rules.table.SlotTable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.ZJJ_Result;

/**
 * The only thread that puts keys into a {@link SlotTable}, which therefore neither looks nor waits,
 * beside one that changes or removes them: a lane, and whoever sweeps or asks. Keys and limit are
 * those of {@link SlotTableRaces}.
 */
public final class AloneRaces {
  private AloneRaces() {}

  /** The newcomer wants the place of a peer that moves on at the same moment. */
  @JCStressTest
  @Outcome(id = "true, 9, -1", expect = ACCEPTABLE, desc = "A moved on and stays; B has no place")
  @Outcome(id = "false, -1, 5", expect = ACCEPTABLE, desc = "B took the place, A's move failed")
  @Outcome(expect = FORBIDDEN, desc = "A's move hit B, or a peer further along was thrown out")
  @State
  public static class EvictionAndReplacement extends OneSlot {
    public EvictionAndReplacement() {
      super(false);
      insert(A, 5, 0);
    }

    @Actor
    public void newcomer() {
      insert(B, 5, 6);
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

  /** The lane gives A's place to B, with A's value, while somebody moves A where it once stood. */
  @JCStressTest
  @Outcome(id = "true, 9, -1", expect = ACCEPTABLE, desc = "moved before it could be removed")
  @Outcome(id = "false, -1, 5", expect = ACCEPTABLE, desc = "removed before it could move")
  @Outcome(expect = FORBIDDEN, desc = "A's compare-and-set hit B's value")
  @State
  public static class ReuseAndReplacement extends OneSlot {
    private final int where;

    public ReuseAndReplacement() {
      super(false);
      insert(A, 5, 0);
      where = table.find(TableBenchmark.HASH.of(A, A), A, A, 1);
    }

    @Actor
    public void reuser() {
      if (removeAt(A, 5)) {
        insert(B, 5, 0);
      }
    }

    @Actor
    public void mover(ZJJ_Result r) {
      r.r1 = table.replaceAt(where, A, A, 1, 5, 9, SlotTable.NO_NOTE);
    }

    @Arbiter
    public void after(ZJJ_Result r) {
      r.r2 = get(A);
      r.r3 = get(B);
    }
  }

  /**
   * A lane takes A out while somebody else sweeps it away: one of them did, and the count says so.
   */
  @JCStressTest
  @Outcome(id = "true, 0, -1", expect = ACCEPTABLE, desc = "the lane did")
  @Outcome(id = "false, 0, -1", expect = ACCEPTABLE, desc = "the sweeper did")
  @Outcome(expect = FORBIDDEN, desc = "A stayed, or was counted twice or never")
  @State
  public static class RemovalAndSweeping extends OneSlot {
    private boolean swept;

    public RemovalAndSweeping() {
      super(false);
      insert(A, 5, 0);
    }

    @Actor
    public void lane(ZJJ_Result r) {
      r.r1 = removeAt(A, 5);
    }

    @Actor
    public void sweeper() {
      swept = remove(A, 5);
    }

    @Arbiter
    public void after(ZJJ_Result r) {
      r.r2 = swept == r.r1 ? 1 : table.size();
      r.r3 = get(A);
    }
  }

  /** A lane puts in B while somebody else sweeps A away; only then is there room. */
  @JCStressTest
  @Outcome(id = "true, 1, 5", expect = ACCEPTABLE, desc = "A had gone")
  @Outcome(id = "false, 0, -1", expect = ACCEPTABLE, desc = "A was still there")
  @Outcome(expect = FORBIDDEN, desc = "B lost or half there, or the count is wrong")
  @State
  public static class InsertionAndRemoval extends OneSlot {
    public InsertionAndRemoval() {
      super(false);
      insert(A, 5, 0);
    }

    @Actor
    public void newcomer(ZJJ_Result r) {
      r.r1 = insert(B, 5, 0);
    }

    @Actor
    public void sweeper() {
      remove(A, 5);
    }

    @Arbiter
    public void after(ZJJ_Result r) {
      r.r2 = table.size() == count() ? count() : -1;
      r.r3 = get(B);
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
      super(false);
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

  /** Collecting A's attempts while its slot goes to B, which has an attempt at the same door. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "A had gone")
  @Outcome(id = "1, 5", expect = ACCEPTABLE, desc = "A was still there")
  @Outcome(expect = FORBIDDEN, desc = "B's value collected for A")
  @State
  public static class EvictionAndCollection extends OneSlot {
    public EvictionAndCollection() {
      super(false);
      insert(A, 5, 0);
    }

    @Actor
    public void newcomer() {
      insert(B, 7, 7);
    }

    @Actor
    public void collector(JJ_Result r) {
      long[] tags = new long[SlotTable.REACH];
      long[] values = new long[SlotTable.REACH];
      int[] slots = new int[SlotTable.REACH];
      r.r1 = table.collect(TableBenchmark.HASH.of(A, A), A, A, tags, values, slots);
      r.r2 = values[0];
    }
  }
}

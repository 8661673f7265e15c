package knockgate.bench;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import knockgate.rules.table.SlotTable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Two threads at a {@link SlotTable} of two buckets, one of them so crowded that what belongs there
 * strays into the other. A look-up goes there only if strays are counted, so none may be forgotten.
 */
public final class StrayRaces {
  private StrayRaces() {}

  /** One peer with so many tags, which all belong into one bucket, that the last is a stray. */
  static class CrowdedBucket {
    private static final int CROWD = 14;
    static final long STRAY = 15;
    static final long OTHER_STRAY = 16;

    final SlotTable table = new SlotTable(16, true, true, TableBenchmark.HASH);

    CrowdedBucket() {
      for (long tag = 1; tag <= CROWD; tag++) {
        insert(tag);
      }
      insert(STRAY);
    }

    long get(long tag) {
      return table.get(TableBenchmark.HASH.of(1, 1), 1, 1, tag);
    }

    final void insert(long tag) {
      table.insert(TableBenchmark.HASH.of(1, 1), 1, 1, tag, tag, 0, 0);
    }

    void remove(long tag) {
      table.remove(TableBenchmark.HASH.of(1, 1), 1, 1, tag, tag);
    }
  }

  /** One stray comes while the other goes. */
  @JCStressTest
  @Outcome(id = "-1, 16, 15", expect = ACCEPTABLE, desc = "the one is gone, the other is found")
  @Outcome(expect = FORBIDDEN, desc = "a stray that no look-up finds, or that stayed")
  @State
  public static class ComingAndGoing extends CrowdedBucket {
    @Actor
    public void coming() {
      insert(OTHER_STRAY);
    }

    @Actor
    public void going() {
      remove(STRAY);
    }

    @Arbiter
    public void after(JJJ_Result r) {
      r.r1 = get(STRAY);
      r.r2 = get(OTHER_STRAY);
      r.r3 = table.size();
    }
  }

  /** A stray that stays is seen at any time, whoever else comes and goes. */
  @JCStressTest
  @Outcome(id = "15, 15", expect = ACCEPTABLE, desc = "always there")
  @Outcome(expect = FORBIDDEN, desc = "overlooked")
  @State
  public static class Staying extends CrowdedBucket {
    @Actor
    public void other() {
      insert(OTHER_STRAY);
      remove(OTHER_STRAY);
    }

    @Actor
    public void reader(JJ_Result r) {
      r.r1 = get(STRAY);
      r.r2 = get(STRAY);
    }
  }

  /** Two threads put in the same stray: one entry comes of it. */
  @JCStressTest
  @Outcome(id = "16, 16", expect = ACCEPTABLE, desc = "one entry")
  @Outcome(expect = FORBIDDEN, desc = "twins, or none")
  @State
  public static class TwinStrays extends CrowdedBucket {
    @Actor
    public void one() {
      insert(OTHER_STRAY);
    }

    @Actor
    public void other() {
      insert(OTHER_STRAY);
    }

    @Arbiter
    public void after(JJ_Result r) {
      r.r1 = get(OTHER_STRAY);
      r.r2 = table.size();
    }
  }
}

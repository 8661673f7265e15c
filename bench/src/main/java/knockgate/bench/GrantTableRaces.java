package knockgate.bench;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import knockgate.rules.GrantTable;
import knockgate.rules.GrantTag;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZII_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** Two lanes, or a lane and the control socket, at one grant. */
public final class GrantTableRaces {
  private GrantTableRaces() {}

  /** A table with room for one grant, and short ways to use it. Time stands still at 1000 ms. */
  static class OneGrant {
    private static final long NOW_MS = 1000;
    private static final long END_MS = 2000;
    private static final long TAG = GrantTag.of(3);

    final GrantTable grants = new GrantTable(1, TableBenchmark.HASH);

    boolean add(int connections) {
      return grants.add(0, 1, TAG, NOW_MS, END_MS, connections);
    }

    /** Connections left, or -1 when this one was not admitted. */
    int consume(int connection) {
      return grants.consume(0, 1, TAG, NOW_MS, connection);
    }

    boolean revoke() {
      return grants.revoke(0, 1, TAG, NOW_MS);
    }
  }

  /** Two connections come for the last place. */
  @JCStressTest
  @Outcome(
      id = {"0, -1", "-1, 0"},
      expect = ACCEPTABLE,
      desc = "one of them got it")
  @Outcome(expect = FORBIDDEN, desc = "both were admitted, or none")
  @State
  public static class LastConnection extends OneGrant {
    public LastConnection() {
      add(1);
    }

    @Actor
    public void one(II_Result r) {
      r.r1 = consume(101);
    }

    @Actor
    public void other(II_Result r) {
      r.r2 = consume(102);
    }
  }

  /** Four connections come for three places. */
  @JCStressTest
  @Outcome(id = "3", expect = ACCEPTABLE, desc = "as many as were granted")
  @Outcome(expect = FORBIDDEN, desc = "too many, or too few")
  @State
  public static class FourForThree extends OneGrant {
    private int first;
    private int second;

    public FourForThree() {
      add(3);
    }

    @Actor
    public void one() {
      first = admitted(consume(101)) + admitted(consume(102));
    }

    @Actor
    public void other() {
      second = admitted(consume(103)) + admitted(consume(104));
    }

    @Arbiter
    public void after(I_Result r) {
      r.r1 = first + second;
    }

    private static int admitted(int left) {
      return left >= 0 ? 1 : 0;
    }
  }

  /** A connection comes while the grant is taken back; behind that nobody is admitted. */
  @JCStressTest
  @Outcome(id = "true, 1, -1", expect = ACCEPTABLE, desc = "admitted just before")
  @Outcome(id = "true, -1, -1", expect = ACCEPTABLE, desc = "revoked just before")
  @Outcome(expect = FORBIDDEN, desc = "the grant survived, or nobody took it back")
  @State
  public static class Revocation extends OneGrant {
    public Revocation() {
      add(2);
    }

    @Actor
    public void control(ZII_Result r) {
      r.r1 = revoke();
    }

    @Actor
    public void lane(ZII_Result r) {
      r.r2 = consume(101);
    }

    @Arbiter
    public void after(ZII_Result r) {
      r.r3 = consume(102);
    }
  }

  /** Two lanes grant the same door to the same peer: one grant comes of it. */
  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "one grant, one connection")
  @Outcome(expect = FORBIDDEN, desc = "two grants, or a connection too many")
  @State
  public static class TwinGrants extends OneGrant {
    @Actor
    public void one() {
      add(1);
    }

    @Actor
    public void other() {
      add(1);
    }

    @Arbiter
    public void after(ZI_Result r) {
      r.r1 = grants.size() == 1 && grants.list(0).size() == 1;
      for (int connection = 1; connection <= 3; connection++) {
        r.r2 += consume(connection) >= 0 ? 1 : 0;
      }
    }
  }

  /** A renewal and the last connection of the old grant, in whichever order. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "admitted on the old grant, one on the new")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "admitted on the new grant")
  @Outcome(expect = FORBIDDEN, desc = "the renewal was lost, or gave one too many")
  @State
  public static class Renewal extends OneGrant {
    public Renewal() {
      add(1);
    }

    @Actor
    public void renewer() {
      add(1);
    }

    @Actor
    public void lane(II_Result r) {
      r.r1 = consume(101);
    }

    @Arbiter
    public void after(II_Result r) {
      for (int connection = 1; connection <= 3; connection++) {
        r.r2 += consume(connection) >= 0 ? 1 : 0;
      }
    }
  }
}

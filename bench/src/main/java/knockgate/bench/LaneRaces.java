package knockgate.bench;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import knockgate.rules.Gatekeeper;
import knockgate.rules.KnockState;
import knockgate.rules.Packet;
import knockgate.rules.PolicyPlan;
import knockgate.rules.policy.Limits;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two lanes, one peer. All states share one set of tables, as lanes do; each has a peer of its own
 * and a time of its own, later than all before it, so that what they leave behind has expired.
 */
public final class LaneRaces {
  private LaneRaces() {}

  /** So many grants that one which seems expired to a later state is still there. */
  private static Limits limits(int firstKnocksPerSecond) {
    return new Limits(1 << 17, 1 << 17, firstKnocksPerSecond, 32, 64);
  }

  /** Two gatekeepers on the same tables, and a peer that nobody else is. */
  static class TwoLanes {
    private static final long HUNDRED_SECONDS_NS = 100_000_000_000L;
    private static final AtomicLong PEERS = new AtomicLong();

    private final long peer = PEERS.incrementAndGet();
    private final Gatekeeper one;
    private final Gatekeeper other;

    TwoLanes(PolicyPlan plan, KnockState state) {
      one = new Gatekeeper(plan, state);
      other = new Gatekeeper(plan, state);
    }

    Packet sendByOne(int port, int sequence) {
      return send(one, port, sequence);
    }

    Packet sendByOther(int port, int sequence) {
      return send(other, port, sequence);
    }

    private Packet send(Gatekeeper lane, int port, int sequence) {
      Packet packet = new Packet();
      packet.readable = true;
      packet.version = 4;
      packet.srcLo = Prefix.v4((int) peer);
      packet.protocol = Protocol.TCP;
      packet.srcPort = 40_000;
      packet.dstPort = port;
      packet.flags = TcpFlags.SYN;
      packet.sequence = sequence;
      lane.decide(packet, peer * HUNDRED_SECONDS_NS, 0);
      return packet;
    }

    static int count(Packet packet, Reason reason) {
      int count = 0;
      for (int i = 0; i < packet.notes(); i++) {
        count += packet.noteReason(i) == reason ? 1 : 0;
      }
      return count;
    }
  }

  /** A door that tcp/7001, 7002, 7003 open for a minute, with first knocks without limit. */
  static class OneDoor extends TwoLanes {
    private static final Policy POLICY = Doors.policy(1, limits(0));
    private static final KnockState STATE =
        new KnockState(POLICY.limits(), 2, new SplittableRandom()::nextLong);
    private static final PolicyPlan PLAN = new PolicyPlan(POLICY, STATE);

    OneDoor() {
      super(PLAN, STATE);
      sendByOne(7001, 1);
      sendByOther(7002, 2);
    }
  }

  /** The last knock and its retransmission, one on each lane: the door opens once. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "opened once, and open")
  @Outcome(expect = FORBIDDEN, desc = "opened twice, or not at all")
  @State
  public static class LastKnockTwice extends OneDoor {
    private int opened1;
    private int opened2;

    @Actor
    public void one() {
      opened1 = count(sendByOne(7003, 3), Reason.OPENED);
    }

    @Actor
    public void other() {
      opened2 = count(sendByOther(7003, 3), Reason.OPENED);
    }

    @Arbiter
    public void after(II_Result r) {
      r.r1 = opened1 + opened2;
      r.r2 = sendByOne(22, 4).reason == Reason.GRANTED ? 1 : 0;
    }
  }

  /** A wrong knock on one lane and the last one on the other: opened before, or not at all. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the last knock was first")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the wrong knock was first")
  @Outcome(expect = FORBIDDEN, desc = "opened, but not open; or the reverse")
  @State
  public static class WrongKnockAndLastKnock extends OneDoor {
    @Actor
    public void right(II_Result r) {
      r.r1 = count(sendByOne(7003, 3), Reason.OPENED);
    }

    @Actor
    public void wrong() {
      sendByOther(7777, 4);
    }

    @Arbiter
    public void after(II_Result r) {
      r.r2 = sendByOne(22, 5).reason == Reason.GRANTED ? 1 : 0;
    }
  }

  /** Two first knocks for a budget of one; another state's peer may share the bucket. */
  @JCStressTest
  @Outcome(id = "[01]", expect = ACCEPTABLE, desc = "within the budget")
  @Outcome(expect = FORBIDDEN, desc = "the budget was spent twice")
  @State
  public static class BudgetOfOne extends TwoLanes {
    private static final Policy POLICY = Doors.policy(1, limits(1));
    private static final KnockState STATE =
        new KnockState(POLICY.limits(), 2, new SplittableRandom()::nextLong);
    private static final PolicyPlan PLAN = new PolicyPlan(POLICY, STATE);

    private int begun1;
    private int begun2;

    public BudgetOfOne() {
      super(PLAN, STATE);
    }

    @Actor
    public void one() {
      begun1 = count(sendByOne(7001, 1), Reason.FIRST_KNOCK);
    }

    @Actor
    public void other() {
      begun2 = count(sendByOther(7001, 2), Reason.FIRST_KNOCK);
    }

    @Arbiter
    public void after(I_Result r) {
      r.r1 = begun1 + begun2;
    }
  }
}

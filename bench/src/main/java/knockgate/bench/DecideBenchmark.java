package knockgate.bench;

import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to decide a packet, with 64k attempts in the table (its limit, so it is full) and
 * default limits otherwise. The source of each packet is drawn from many, so that the tables are
 * read where nothing is cached; the packet itself lies in a slot that is, as in the lane's ring.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class DecideBenchmark extends AsTheGate {
  private static final long SEED = 20261122;
  private static final int ATTEMPTS = 1 << 16;
  private static final int GRANTS = 1 << 14;

  /** Sources of 10.0.0.0/8 knock, those of 11.0.0.0/8 hold grants, those of 12.0.0.0/8 neither. */
  private static final int KNOCKERS = 10 << 24;

  private static final int GRANTED = 11 << 24;
  private static final int STRANGERS = 12 << 24;

  @Param({"1", "10", "200"})
  int doors;

  private final Draw draw = new Draw(SEED);
  private final Packet packet = new Packet();
  private Gatekeeper keeper;
  private long nowNs;

  /** Fills the tables by knocking, as peers do. */
  @Setup
  public void fill() {
    Policy policy = Doors.policy(doors, new Limits(ATTEMPTS, GRANTS, 50, 32, 64));
    KnockState state = new KnockState(policy.limits());
    keeper = new Gatekeeper(new PolicyPlan(policy, state), state);
    nowNs = 0;
    packet.readable = true;
    packet.version = 4;
    packet.protocol = Protocol.TCP;
    packet.flags = TcpFlags.SYN;
    packet.srcPort = 40_000;
    for (int peer = 0; peer < GRANTS; peer++) {
      for (int step = 0; step < 3; step++) {
        send(GRANTED + peer, Doors.FIRST_KNOCK + step, step);
      }
    }
    for (int peer = 0; peer < ATTEMPTS; peer++) {
      send(KNOCKERS + peer, Doors.FIRST_KNOCK, 1);
    }
    if (state.attemptCount() < ATTEMPTS * 99 / 100 || state.grants().size() != GRANTS) {
      throw new IllegalStateException(state.attemptCount() + " attempts in the tables");
    }
  }

  private Reason send(int source, int port, int sequence) {
    packet.srcLo = Prefix.v4(source);
    packet.dstPort = port;
    packet.sequence = sequence;
    keeper.decide(packet, nowNs, 0);
    return packet.reason;
  }

  private int next() {
    return draw.below(ATTEMPTS);
  }

  /** Someone who never knocked, to a port that no door names: the common case of a busy server. */
  @Benchmark
  public Reason stranger() {
    return send(STRANGERS + next(), Doors.UNRELATED_PORT, 1);
  }

  /** Someone who never knocked, to the protected port. */
  @Benchmark
  public Reason refused() {
    return send(STRANGERS + next(), Doors.PROTECTED_PORT, 1);
  }

  /** A connection of someone who holds a grant. */
  @Benchmark
  public Reason granted() {
    return send(GRANTED + draw.below(GRANTS), Doors.PROTECTED_PORT, 1);
  }

  /** The knock just counted, sent again by a peer in the middle of its sequence. */
  @Benchmark
  public Reason repeat() {
    return send(KNOCKERS + next(), Doors.FIRST_KNOCK, 1);
  }

  /**
   * All of these, as they might come, so that no branch is foreseen: of twenty packets twelve of
   * strangers to unrelated ports, two to the protected one, three connections, three repeated
   * knocks.
   */
  @Benchmark
  public Reason mixed() {
    int kind = draw.below(20);
    if (kind < 3) {
      return granted();
    }
    if (kind < 6) {
      return repeat();
    }
    return kind < 8 ? refused() : stranger();
  }

  /** A wrong knock and the first one again: the attempt is taken out and put in. */
  @Benchmark
  @OperationsPerInvocation(2)
  public Reason wrongThenFirst() {
    int peer = KNOCKERS + next();
    nowNs += 2_000; // so a peer comes again within its time, and within its budget
    send(peer, Doors.UNRELATED_PORT, 1);
    return send(peer, Doors.FIRST_KNOCK, 1);
  }

  /** A forged first knock of an address never seen before, into the full table: one must go. */
  @Benchmark
  public Reason firstKnockFlood() {
    nowNs += 20_000; // 50,000 a second
    return send(STRANGERS + (int) (nowNs / 20_000 & 0xffffff), Doors.FIRST_KNOCK, 1);
  }
}

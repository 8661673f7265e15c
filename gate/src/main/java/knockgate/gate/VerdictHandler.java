package knockgate.gate;

import com.lmax.disruptor.EventHandler;
import knockgate.gate.fault.FaultLog;
import knockgate.nfq.NativeException;
import knockgate.nfq.PeerSet;
import knockgate.nfq.PeerSets;
import knockgate.nfq.QueueSocket;
import knockgate.nfq.VerdictBatch;
import knockgate.rules.Gatekeeper;
import knockgate.rules.Packet;
import knockgate.rules.PolicyPlan;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Verdict;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The consumer of a lane's ring: decides each packet, packs the verdicts in packet order and sends
 * them at the end of the batch with one call; only then tells the audit thread what is worth
 * telling. Used by one thread, the lane's gatekeeper thread; allocates nothing.
 */
final class VerdictHandler implements EventHandler<Packet> {
  /** Faults in a row after which the lane gives up. */
  private static final int MOST_FAULTS_IN_A_ROW = 100;

  private static final long NS_PER_MS = 1_000_000;

  private final QueueSocket socket;
  private final VerdictBatch verdicts;
  private final Gatekeeper gatekeeper;
  private final Clocks clocks;
  private final PacketTeller teller;
  private final LaneCounters counters;
  private final SingleWriterRecorder latencies;
  private final FaultLog faults;
  private final Runnable giveUp;

  /** Packets of this send with something to tell; their slots are ours until the batch ends. */
  private final Packet[] notable;

  private int notables;
  private boolean inBatch;
  private long nowNs;
  private long epochMs;
  private int faultsInARow;

  /** What is to be used from the next batch on; written by any thread. */
  private volatile PolicyPlan plan;

  private PolicyPlan usedPlan;

  /** Where the kernel looks up whose wrong knocks we must see; null = we see everyone's. */
  private volatile @Nullable PeerSets peerSets;

  VerdictHandler(
      QueueSocket socket,
      int batchSize,
      Gatekeeper gatekeeper,
      PolicyPlan plan,
      Clocks clocks,
      AuditRing audit,
      GpgDesk gpg,
      LaneCounters counters,
      SingleWriterRecorder latencies,
      FaultLog faults,
      Runnable giveUp) {
    this.socket = socket;
    this.verdicts = new VerdictBatch(socket.number(), batchSize);
    this.notable = new Packet[batchSize];
    this.gatekeeper = gatekeeper;
    this.plan = plan;
    this.usedPlan = plan;
    this.clocks = clocks;
    this.teller = new PacketTeller(audit, gpg, counters);
    this.counters = counters;
    this.latencies = latencies;
    this.faults = faults;
    this.giveUp = giveUp;
  }

  /** From the next batch on another policy. Any thread. */
  void use(PolicyPlan next) {
    plan = next;
  }

  /** From the next send on the kernel is told whose packets must come. Any thread. */
  void watchWith(PeerSets sets) {
    peerSets = sets;
  }

  @Override
  public void onEvent(Packet packet, long sequence, boolean endOfBatch) {
    if (!inBatch) {
      beginBatch(packet);
    }
    try {
      gatekeeper.decide(packet, nowNs, epochMs);
      faultsInARow = 0;
    } catch (Throwable e) { // no packet may go without: a later verdict counts for all before it
      fail(packet, e);
    }
    pack(packet);
    if (endOfBatch || verdicts.isFull()) {
      send();
      inBatch = false;
    }
  }

  /** Begins what one send will answer; it has the time of its first packet. */
  private void beginBatch(Packet first) {
    inBatch = true;
    nowNs = first.readNs;
    epochMs = clocks.epochMs();
    PolicyPlan latest = plan;
    if (latest != usedPlan) {
      gatekeeper.use(latest);
      usedPlan = latest;
    }
  }

  private void fail(Packet packet, Throwable fault) {
    faults.record("decide", fault);
    gatekeeper.fail(packet);
    if (++faultsInARow == MOST_FAULTS_IN_A_ROW) {
      giveUp.run();
    }
  }

  private void pack(Packet packet) {
    boolean accept = packet.verdict == Verdict.ACCEPT;
    if (packet.marked) {
      verdicts.add(packet.id, accept, packet.mark);
    } else {
      verdicts.add(packet.id, accept);
    }
    counters.add(accept ? Counter.ACCEPTED : Counter.DROPPED, 1);
    if (packet.notes() > 0 || packet.reason.event() != Reason.Event.NOTHING) {
      notable[notables++] = packet;
    }
  }

  private void send() {
    PeerSets sets = peerSets;
    if (sets != null && notables > 0) {
      watch(sets);
    }
    int count = verdicts.count();
    counters.add(Counter.PACKETS, count);
    counters.add(Counter.BATCHES, 1);
    try {
      socket.send(verdicts);
    } catch (NativeException e) {
      faults.record("send verdicts", e);
      verdicts.clear();
      giveUp.run();
    }
    long tookNs = clocks.nowNs() - nowNs;
    latencies.recordValueWithCount(Math.min(tookNs, Latencies.LONGEST_NS), count);
    for (int i = 0; i < notables; i++) {
      teller.tell(notable[i], nowNs, epochMs);
    }
    notables = 0;
  }

  /**
   * Before the verdicts, because from now on each microsecond counts in which a wrong knock would
   * pass unseen. An attempt that cannot be watched is over: it could only be luckier than it
   * should.
   */
  private void watch(PeerSets sets) {
    int seconds = usedPlan.strictPauseSeconds();
    long nowMs = nowNs / NS_PER_MS;
    int watched = 0;
    for (int i = 0; i < notables; i++) {
      Packet packet = notable[i];
      if (packet.mustSeePeer) {
        sets.of(packet.version == 4).add(packet.srcHi, packet.srcLo, nowMs, seconds);
        watched++;
      }
    }
    if (watched == 0) {
      return;
    }
    sets.send(nowMs, seconds);
    for (int i = 0; i < notables; i++) {
      PeerSet.Outcome outcome = sets.outcome(notable[i].version == 4);
      if (notable[i].mustSeePeer && outcome == PeerSet.Outcome.FAILED) {
        gatekeeper.endUnseen(notable[i]);
      }
    }
    counters.add(Counter.PEERS_WATCHED, watched);
    countFull(sets.outcome(true));
    countFull(sets.outcome(false));
  }

  private void countFull(PeerSet.Outcome outcome) {
    counters.add(Counter.SET_FULL, outcome == PeerSet.Outcome.OPENED ? 1 : 0);
  }
}

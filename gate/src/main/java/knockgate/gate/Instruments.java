package knockgate.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import knockgate.gate.events.EventFeed;
import knockgate.gate.fault.FaultLog;
import knockgate.gate.hooks.HookWatch;
import knockgate.rules.KnockState;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Every dial of the running gate, for whoever wants to look: any thread, at any time. To be looked
 * at costs the lanes nothing.
 */
public final class Instruments {
  private final KnockState state;
  private final Clocks clocks;
  private final AuditRing audit;
  private final FaultLog faults;
  private final EventFeed feed;
  private final HookWatch hooks;
  private final Latencies latencies = new Latencies();
  private final List<Supplier<LaneReading>> lanes = new ArrayList<>();
  private final List<LaneCounters> counters = new ArrayList<>();

  Instruments(
      KnockState state,
      Clocks clocks,
      AuditRing audit,
      FaultLog faults,
      EventFeed feed,
      HookWatch hooks) {
    this.state = state;
    this.clocks = clocks;
    this.audit = audit;
    this.faults = faults;
    this.feed = feed;
    this.hooks = hooks;
  }

  /** Where one more lane writes its latencies. Before the lanes start. */
  SingleWriterRecorder newRecorder() {
    return latencies.addLane();
  }

  /** Adds a lane. Before the lanes start. */
  void add(LaneCounters more, Supplier<LaneReading> reading) {
    lanes.add(reading);
    add(more);
  }

  /** Adds the counters of a thread that is no lane. Before it starts. */
  void add(LaneCounters more) {
    counters.add(more);
  }

  /** A counter, over all lanes, since the start. */
  public long count(Counter counter) {
    return switch (counter) {
      // Not only lanes tell events: the ring itself knows of all that it had to refuse.
      case EVENTS_LOST -> audit.lost();
      case HOOKS -> hooks.started();
      case HOOKS_FAILED -> hooks.failed();
      default -> counters.stream().mapToLong(each -> each.get(counter)).sum();
    };
  }

  /** What each lane's socket and ring say, and the kernel of its queue. */
  public List<LaneReading> lanes() {
    return lanes.stream().map(lane -> lane.get()).toList();
  }

  /** Latencies since the start. */
  public Latencies.Quantiles latency() {
    return latencies.total(clocks.nowNs());
  }

  /** Latencies since somebody looked last. */
  public Latencies.Quantiles recentLatency() {
    return latencies.recent(clocks.nowNs());
  }

  /**
   * Latencies since the start, in buckets.
   *
   * @param boundsNs ascending
   */
  public Latencies.Buckets latencyBuckets(long[] boundsNs) {
    return latencies.buckets(boundsNs, clocks.nowNs());
  }

  /** Peers in the middle of a sequence. */
  public int attempts() {
    return state.attemptCount();
  }

  /** Most of them. */
  public int attemptLimit() {
    return state.attemptLimit();
  }

  /** Grants. */
  public int grants() {
    return state.grants().size();
  }

  /** Most of them. */
  public int grantLimit() {
    return state.grants().limit();
  }

  /** Milliseconds since the start. */
  public long uptimeMs() {
    return clocks.nowMs();
  }

  /** Events that wait to be written. */
  public long eventsWaiting() {
    return audit.waiting();
  }

  /** Most of them. */
  public int eventsLimit() {
    return AuditRing.SIZE;
  }

  /** Events that those who follow them were too slow to take. */
  public long eventsNotFollowed() {
    return feed.lost();
  }

  /** Distinct faults and how often each came. */
  public Map<String, Long> faults() {
    return faults.counts();
  }
}

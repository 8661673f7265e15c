package knockgate.gate.doctor;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import knockgate.nfq.QueueStatistics;

/**
 * The kernel's own counters of queues. It shows them to root only: to whoever asks about a gate,
 * and not to the gate, which has a user of its own.
 */
public final class KernelQueues {
  private final List<QueueStatistics> queues;

  KernelQueues(List<QueueStatistics> queues) {
    this.queues = queues;
  }

  /** Reads those of this network namespace; none where this user may not. */
  public static KernelQueues read() {
    try {
      return new KernelQueues(QueueStatistics.read());
    } catch (IOException notForUs) {
      return new KernelQueues(List.of());
    }
  }

  /**
   * The counters of one queue, by the names that a gate's status has for them.
   *
   * @param portId netlink port of the gate's socket: a queue of that number may be another's, or of
   *     another network namespace
   * @return empty if that socket has no such queue here
   */
  public Map<String, Long> of(long queue, long portId) {
    Map<String, Long> counters = new TreeMap<>();
    for (QueueStatistics line : queues) {
      if (line.queue() == queue && line.portId() == portId) {
        counters.put("waiting", line.waiting());
        counters.put("queue_dropped", line.queueDropped());
        counters.put("socket_dropped", line.userDropped());
      }
    }
    return counters;
  }
}

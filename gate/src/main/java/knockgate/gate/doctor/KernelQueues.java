package knockgate.gate.doctor;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import knockgate.nfq.QueueOwner;
import knockgate.nfq.QueueStatistics;

/**
 * The kernel's own counters of queues. It shows them to root only: to whoever asks about a gate,
 * and not to the gate, which has a user of its own.
 */
public final class KernelQueues {
  private final List<QueueStatistics> queues;
  private final BiPredicate<Long, Long> holds;

  /**
   * Queues.
   *
   * @param holds whether a process, by its id, has the socket of a netlink port
   */
  KernelQueues(List<QueueStatistics> queues, BiPredicate<Long, Long> holds) {
    this.queues = queues;
    this.holds = holds;
  }

  /** Reads those of this network namespace; none where this user may not. */
  public static KernelQueues read() {
    try {
      return new KernelQueues(QueueStatistics.read(), QueueOwner::holds);
    } catch (IOException notForUs) {
      return new KernelQueues(List.of(), (pid, portId) -> false);
    }
  }

  /**
   * The counters of one queue, by the names that a gate's status has for them.
   *
   * @param pid of the gate: a queue of that number may be another's, or of another namespace
   * @return empty if that process has no such queue here
   */
  public Map<String, Long> of(long queue, long pid) {
    Map<String, Long> counters = new TreeMap<>();
    for (QueueStatistics line : queues) {
      if (line.queue() == queue && isOf(line.portId(), pid)) {
        counters.put("waiting", line.waiting());
        counters.put("queue_dropped", line.queueDropped());
        counters.put("socket_dropped", line.userDropped());
      }
    }
    return counters;
  }

  /** Only the first netlink socket of a process has its id for a port; each lane has a socket. */
  private boolean isOf(long portId, long pid) {
    return portId == pid || holds.test(pid, portId);
  }
}

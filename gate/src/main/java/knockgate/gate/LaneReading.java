package knockgate.gate;

import org.jspecify.annotations.Nullable;

/**
 * What one lane's socket and ring tell of themselves, and the kernel of its queue.
 *
 * @param queue NFQUEUE number
 * @param portId netlink port of the socket, by which the kernel knows whose the queue is
 * @param overruns how often the socket's buffer was full, each time with one or more packets lost
 * @param truncated packets whose payload did not fit
 * @param refusedVerdicts verdicts for packets that were gone
 * @param retriedSends sends that had to be repeated
 * @param malformed messages that were neither packets nor answers; the kernel sends none
 * @param bufferBytes the socket's receive buffer
 * @param ringUsed slots of the ring that hold a packet without a verdict
 * @param ringSize all slots
 * @param kernel null = the kernel does not say: it shows its counters to root only
 */
public record LaneReading(
    int queue,
    long portId,
    long overruns,
    long truncated,
    long refusedVerdicts,
    long retriedSends,
    long malformed,
    int bufferBytes,
    long ringUsed,
    int ringSize,
    @Nullable Kernel kernel) {

  /**
   * The kernel's own numbers of a queue.
   *
   * @param waiting packets without a verdict
   * @param queueDropped packets dropped because the queue was full
   * @param socketDropped packets dropped because the socket was full
   */
  public record Kernel(long waiting, long queueDropped, long socketDropped) {}
}

package knockgate.nfq;

/**
 * How a queue is set up.
 *
 * @param number NFQUEUE number, 0 to 65535
 * @param length packets that the kernel holds for us before it drops (or accepts, see failOpen)
 * @param failOpen whether the kernel accepts a packet that finds the queue full
 * @param copyRange bytes of each packet that are copied to us, from the IP header on, 1 to 65531
 * @param receiveBufferBytes socket buffer asked for; the kernel books twice as much. Less than
 *     {@link #receiveBufferFor} overruns before the queue is full
 */
public record QueueOptions(
    int number, int length, boolean failOpen, int copyRange, int receiveBufferBytes) {
  /**
   * Half of what the kernel books for a message with a packet copy of up to 1,600 bytes: 2,048 of
   * data and 256 for its skb (measured; a SYN books 1,280).
   */
  private static final int BYTES_PER_PACKET = (2048 + 256) / 2;

  public QueueOptions {
    require(number >= 0 && number <= 0xffff, "queue number", number);
    require(length >= 1, "queue length", length);
    require(copyRange >= 1 && copyRange <= Netlink.NFQNL_MAX_COPY_RANGE, "copy range", copyRange);
    require(receiveBufferBytes >= 1, "receive buffer", receiveBufferBytes);
  }

  private static void require(boolean holds, String what, int value) {
    if (!holds) {
      throw new IllegalArgumentException(what + " out of range: " + value);
    }
  }

  /** The flags that are set or cleared, whatever they were (NFQA_CFG_F_...). */
  int flagMask() {
    return Netlink.NFQA_CFG_F_GSO | Netlink.NFQA_CFG_F_FAIL_OPEN;
  }

  /**
   * The flags that are set. GSO: a large packet comes as it is; otherwise the kernel cuts it up,
   * and each part needs a verdict.
   */
  int flags() {
    return failOpen ? flagMask() : Netlink.NFQA_CFG_F_GSO;
  }

  /**
   * Receive buffer bytes with which a queue of ordinary packets fills up before its socket does.
   */
  public static int receiveBufferFor(int length) {
    return (int) Math.min((long) length * BYTES_PER_PACKET, Integer.MAX_VALUE / 2);
  }
}

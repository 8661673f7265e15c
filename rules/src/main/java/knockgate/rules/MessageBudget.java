package knockgate.rules;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of a processor all lanes together may spend on HMACs of messages: a quarter of one, by
 * the costs that {@link MessageDoor#costNs} estimates. So a flood of forged messages from ever new
 * sources takes no more than that from the other packets. What is beyond is not looked at. A token
 * bucket as in {@link FirstKnockBudget}; a tenth of a second's worth may come at once.
 *
 * <p>A quarter, because a genuine message must not be lost to forged ones that the lane could have
 * read: that is well over 100,000 messages a second for the usual policies.
 */
final class MessageBudget {
  /** One nanosecond of work may be done in so many. */
  static final int SHARE = 4;

  /** What may come at once, as the time that it takes to be earned. */
  static final long BURST_NS = 100_000_000L;

  private final AtomicLong fullAtNs = new AtomicLong();

  /**
   * Takes the cost of one message.
   *
   * @param costNs of judging it, at most
   * @return false when that much is not left
   */
  boolean take(long costNs, long nowNs) {
    return take(costNs, nowNs, BURST_NS);
  }

  /**
   * Takes what only explains why a message was refused: that must leave half of the burst to those
   * that are still to be judged.
   */
  boolean takeSpare(long costNs, long nowNs) {
    return take(costNs, nowNs, BURST_NS / 2);
  }

  private boolean take(long costNs, long nowNs, long burstNs) {
    long earnedNs = costNs * SHARE;
    while (true) {
      long fullAt = fullAtNs.get();
      long next = Math.max(fullAt, nowNs) + earnedNs;
      // one message that costs more than all of a burst waits until the bucket is full
      if (next - nowNs > Math.max(burstNs, earnedNs)) {
        return false;
      }
      if (fullAtNs.compareAndSet(fullAt, next)) {
        return true;
      }
    }
  }
}

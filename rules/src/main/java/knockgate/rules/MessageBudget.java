package knockgate.rules;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many HMACs all lanes together may compute for messages: some tenth of a processor, so that a
 * flood of forged messages from ever new sources takes no more than that from the other packets.
 * What is beyond is not looked at. A token bucket as in {@link FirstKnockBudget}; a tenth of a
 * second's worth may come at once.
 */
final class MessageBudget {
  /** At about a microsecond each. */
  static final int HMACS_PER_SECOND = 100_000;

  private static final long INTERVAL_NS = 1_000_000_000L / HMACS_PER_SECOND;
  private static final long BURST_NS = 100_000_000L;

  private final AtomicLong fullAtNs = new AtomicLong();

  /**
   * Takes the cost of one message.
   *
   * @param hmacs that it may take
   * @return false when that much is not left
   */
  boolean take(int hmacs, long nowNs) {
    while (true) {
      long fullAt = fullAtNs.get();
      long from = Math.max(fullAt, nowNs);
      long next = from + hmacs * INTERVAL_NS;
      if (next - nowNs > Math.max(BURST_NS, hmacs * INTERVAL_NS)) {
        return false;
      }
      if (fullAtNs.compareAndSet(fullAt, next)) {
        return true;
      }
    }
  }
}

package knockgate.rules;

/**
 * A peer's progress through one sequence, packed into one value of the attempt table. Numerically
 * greater = further along, then later: that order decides who is evicted.
 *
 * <pre>
 *   55      51 50                            13 12            0
 *   | step 5 | last knock, ms of the gate 38  | fingerprint 13 |
 * </pre>
 *
 * step: knocks passed, 1 to 31. last knock: milliseconds since the gate's start, enough for 8.7
 * years. fingerprint: of the packet of that knock, to know it again when it is sent again.
 *
 * <p>The time of the first knock is the attempt's note in the table, but for attempts at step 1,
 * whose last knock it is: under a flood of first knocks nobody writes notes. It is noted with the
 * second knock, or at once where a window counts from it.
 */
final class Attempt {
  private static final int PRINT_BITS = 13;
  private static final int TIME_BITS = 38;
  private static final long PRINT_MASK = (1L << PRINT_BITS) - 1;
  private static final long TIME_MASK = (1L << TIME_BITS) - 1;

  private Attempt() {}

  static long of(int step, long nowMs, int fingerprint) {
    return (long) step << (TIME_BITS + PRINT_BITS)
        | (nowMs & TIME_MASK) << PRINT_BITS
        | (fingerprint & PRINT_MASK);
  }

  static int step(long attempt) {
    return (int) (attempt >>> (TIME_BITS + PRINT_BITS));
  }

  static long lastKnockMs(long attempt) {
    return attempt >>> PRINT_BITS & TIME_MASK;
  }

  static long firstKnockMs(long attempt, long note) {
    return step(attempt) == 1 ? lastKnockMs(attempt) : note;
  }

  static boolean isSamePacket(long attempt, int fingerprint) {
    return (attempt & PRINT_MASK) == (fingerprint & PRINT_MASK);
  }

  /**
   * Folds what a retransmission repeats: source port and sequence number for TCP, source port and
   * payload for UDP, identifier and sequence number for ICMP.
   */
  static int fingerprint(Packet packet) {
    int hash = packet.srcPort * 0x9e3779b1 ^ packet.sequence * 0x85ebca6b;
    if (packet.payloadLength > 0) {
      hash = foldPayload(hash, packet);
    }
    hash *= 0xc2b2ae35;
    return hash ^ hash >>> 16;
  }

  private static int foldPayload(int hash, Packet packet) {
    int folded = hash;
    for (int i = 0; i < packet.payloadLength; i++) {
      folded = 31 * folded + packet.payload[i];
    }
    return folded;
  }
}

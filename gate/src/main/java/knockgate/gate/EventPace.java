package knockgate.gate;

/**
 * How many of the events are told that strangers can cause at will: {@link #PER_SECOND} for each
 * lane, as many at once after a quiet second. A token bucket, kept as the time at which it would be
 * full again. Used by one thread, the lane's gatekeeper thread.
 *
 * <p>Not as many from the beginning of each second: under a flood all of a second's lines would be
 * made, written and read by others within its first milliseconds, and where processors are few,
 * whoever connects just then waits behind them.
 */
final class EventPace {
  /** So few that a flood does not make the writer, or who reads its lines, eat a processor. */
  static final int PER_SECOND = 200;

  private static final long SECOND_NS = 1_000_000_000L;
  private static final long INTERVAL_NS = SECOND_NS / PER_SECOND;

  private long fullAtNs;

  /**
   * Takes one event.
   *
   * @param nowNs never going back
   * @return false when it must be left out
   */
  boolean take(long nowNs) {
    long from = Math.max(fullAtNs, nowNs);
    if (from - nowNs > SECOND_NS - INTERVAL_NS) {
      return false;
    }
    fullAtNs = from + INTERVAL_NS;
    return true;
  }
}

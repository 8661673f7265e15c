package knockgate.rules;

import knockgate.rules.table.SlotTable;

/**
 * A grant, packed into one value of the grant table and its note. Numerically greater = ends later.
 *
 * <pre>
 *   value  55    54 53                                  16 15                0
 *          |  0   | deadline, ms of the gate 38           | connections left 16 |
 *   note   63  32                            31                              0
 *          | 1 + seconds of the gate, then 32 | connection that came last 32   |    0 = none came
 * </pre>
 *
 * The connection's fingerprint tells its first packet sent again from another connection's.
 */
final class GrantValue {
  /**
   * How long a grant that has no end is kept behind its last connection: Linux sends a SYN for the
   * last time after 63 seconds, and gives up after 127.
   */
  private static final long SPENT_MS = 128_000;

  private static final int CONNECTION_BITS = 16;

  private GrantValue() {}

  static long of(long deadlineMs, int connections) {
    return Math.min(deadlineMs, GrantTable.NEVER) << CONNECTION_BITS | connections;
  }

  static long deadlineMs(long value) {
    return value >>> CONNECTION_BITS;
  }

  static int connections(long value) {
    return (int) value & GrantTable.UNLIMITED;
  }

  static boolean isLive(long value, long nowMs) {
    return value != SlotTable.ABSENT && nowMs < deadlineMs(value);
  }

  /** Never 0. */
  static long note(int connection, long nowMs) {
    return 1 + nowMs / 1000 << 32 | connection & 0xffff_ffffL;
  }

  static boolean isNoteOf(long note, int connection) {
    return (int) note == connection && note > 0;
  }

  /** Whether nobody will ever use it again, though it has no end. */
  static boolean isSpent(long value, long note, long nowMs) {
    return value == of(GrantTable.NEVER, 0) && nowMs >= (note >>> 32) * 1000 + SPENT_MS;
  }
}

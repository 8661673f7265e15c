package knockgate.gate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One lane's counters: raised by its gatekeeper thread, read by any thread, late perhaps but never
 * torn. A cache line of room at both ends keeps other lanes' counters away.
 */
final class LaneCounters {
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int ROOM = 8;

  private final long[] counts = new long[Counter.values().length + 2 * ROOM];

  /** By the gatekeeper thread only. */
  void add(Counter counter, long more) {
    int at = at(counter);
    LONGS.setOpaque(counts, at, (long) LONGS.getOpaque(counts, at) + more);
  }

  /** By any thread. */
  long get(Counter counter) {
    return (long) LONGS.getOpaque(counts, at(counter));
  }

  @SuppressWarnings("EnumOrdinal") // Never stored, only this run's places.
  private static int at(Counter counter) {
    return ROOM + counter.ordinal();
  }
}

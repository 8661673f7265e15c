package knockgate.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import knockgate.rules.table.Insertion;
import knockgate.rules.table.KeyHash;
import knockgate.rules.table.SlotTable;

/**
 * Who may pass which door, until when. Fixed memory; any thread may call any method. A grant is
 * never thrown out for another one: when the table is full, a new grant is refused.
 *
 * <p>A grant is one {@link GrantValue} in a {@link SlotTable}, by address and {@link GrantTag}. One
 * without an end goes some time after its last connection came.
 */
public final class GrantTable {
  /** A deadline that never comes. */
  public static final long NEVER = (1L << 38) - 1;

  /** No limit to the connections. */
  public static final int UNLIMITED = 0xffff;

  /** The fingerprint of no connection, for whoever believes that a grant does not count them. */
  static final int NO_CONNECTION = 0;

  /** What he hears of one that does; nothing was taken off it then. */
  static final int COUNTS = -2;

  /** Hears what became of a grant, on the thread that changed it. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * A grant is now so. Must neither allocate nor wait: it may be a packet that did it.
     *
     * @param deadlineMs end, as {@link Grant} has it; 0 = there is no grant any more
     * @param connections connections left
     */
    void changed(long hi, long lo, long tag, long deadlineMs, int connections);
  }

  private final int limit;
  private final KeyHash keyHash;
  private final SlotTable table;
  private volatile Watcher watcher = (hi, lo, tag, deadlineMs, connections) -> {};
  private volatile SlotTable.Evicted thrownOut = (hi, lo, tag) -> {};

  /** A table for that many grants. */
  public GrantTable(int limit, KeyHash keyHash) {
    this.limit = limit;
    this.keyHash = keyHash;
    this.table = new SlotTable(limit, false, true, keyHash, this::evicted);
  }

  /**
   * From now on tells one more watcher of every grant that was given, extended, used by one of a
   * limited number of connections, taken back, or thrown out past its end before it was swept. That
   * a grant's end has come is not told: everybody knows its end, and {@link #sweep} tells.
   */
  public synchronized void watch(Watcher by) {
    Watcher others = watcher;
    watcher =
        (hi, lo, tag, deadlineMs, connections) -> {
          others.changed(hi, lo, tag, deadlineMs, connections);
          by.changed(hi, lo, tag, deadlineMs, connections);
        };
  }

  /** From now on tells of each grant past its end that made room before {@link #sweep} saw it. */
  public void watchThrownOut(SlotTable.Evicted by) {
    thrownOut = by;
  }

  private long hash(long hi, long lo, long tag) {
    return KeyHash.with(keyHash.of(hi, lo), tag);
  }

  private void evicted(long hi, long lo, long tag) {
    tell(hash(hi, lo, tag), hi, lo, tag);
    thrownOut.thrownOut(hi, lo, tag);
  }

  /** What is told last is what the table holds, even when two threads change one grant at once. */
  private void tell(long hash, long hi, long lo, long tag) {
    long value;
    do {
      value = table.get(hash, hi, lo, tag);
      boolean isThere = value != SlotTable.ABSENT;
      watcher.changed(
          hi,
          lo,
          tag,
          isThere ? GrantValue.deadlineMs(value) : 0,
          isThere ? GrantValue.connections(value) : 0);
    } while (table.get(hash, hi, lo, tag) != value);
  }

  /**
   * Grants, or renews: the later deadline counts, and the connections start anew.
   *
   * @param hi address, masked to what the grant covers
   * @param deadlineMs end, in milliseconds since the gate's start, or {@link #NEVER}
   * @param connections connections to admit, 1 to 65534, or {@link #UNLIMITED}
   * @return false when the table is full; nothing was granted then
   */
  public boolean add(long hi, long lo, long tag, long nowMs, long deadlineMs, int connections) {
    long hash = hash(hi, lo, tag);
    while (true) {
      long old = table.get(hash, hi, lo, tag);
      if (old == SlotTable.ABSENT) {
        long value = GrantValue.of(deadlineMs, connections);
        long over = GrantValue.of(nowMs, 0);
        Insertion insertion = table.insert(hash, hi, lo, tag, value, 0, over);
        if (insertion == Insertion.FULL) {
          return false;
        }
        if (insertion != Insertion.EXISTS) {
          tell(hash, hi, lo, tag);
          return true;
        }
      } else {
        long end =
            GrantValue.isLive(old, nowMs)
                ? Math.max(deadlineMs, GrantValue.deadlineMs(old))
                : deadlineMs;
        if (table.replace(hash, hi, lo, tag, old, GrantValue.of(end, connections), 0)) {
          tell(hash, hi, lo, tag);
          return true;
        }
      }
    }
  }

  /** Whether there is a grant with time and connections left. */
  public boolean isGranted(long hi, long lo, long tag, long nowMs) {
    return isGranted(keyHash.of(hi, lo), hi, lo, tag, nowMs);
  }

  /** The same, of an address that was hashed before. */
  boolean isGranted(long hashed, long hi, long lo, long tag, long nowMs) {
    long value = table.get(KeyHash.with(hashed, tag), hi, lo, tag);
    return GrantValue.isLive(value, nowMs) && GrantValue.connections(value) > 0;
  }

  /**
   * Admits one connection: takes it off the grant, unless it is the last one sent again.
   *
   * @param connection fingerprint of the connection's first packet, not 0
   * @return connections left behind it ({@link #UNLIMITED} = without limit), or -1 = not admitted
   */
  public int consume(long hi, long lo, long tag, long nowMs, int connection) {
    return consume(keyHash.of(hi, lo), hi, lo, tag, nowMs, connection);
  }

  /** The same, of an address that was hashed before; or {@link #COUNTS}. */
  int consume(long hashed, long hi, long lo, long tag, long nowMs, int connection) {
    long hash = KeyHash.with(hashed, tag);
    while (true) {
      long value = table.get(hash, hi, lo, tag);
      if (!GrantValue.isLive(value, nowMs)) {
        return -1;
      }
      int left = GrantValue.connections(value);
      if (left == UNLIMITED) {
        return left;
      }
      if (connection == NO_CONNECTION) {
        return COUNTS;
      }
      if (GrantValue.isNoteOf(table.note(hash, hi, lo, tag), connection)) {
        return left;
      }
      if (left == 0) {
        return -1;
      }
      if (table.replace(hash, hi, lo, tag, value, value - 1, GrantValue.note(connection, nowMs))) {
        tell(hash, hi, lo, tag);
        return left - 1;
      }
    }
  }

  /** Sets another end; false when there is no such grant. */
  public boolean extend(long hi, long lo, long tag, long nowMs, long deadlineMs) {
    long hash = hash(hi, lo, tag);
    while (true) {
      long old = table.get(hash, hi, lo, tag);
      if (!GrantValue.isLive(old, nowMs)) {
        return false;
      }
      if (table.replace(
          hash, hi, lo, tag, old, GrantValue.of(deadlineMs, GrantValue.connections(old)))) {
        tell(hash, hi, lo, tag);
        return true;
      }
    }
  }

  /** Takes a grant back; false when there is none. */
  public boolean revoke(long hi, long lo, long tag, long nowMs) {
    long hash = hash(hi, lo, tag);
    while (true) {
      long old = table.get(hash, hi, lo, tag);
      if (old == SlotTable.ABSENT) {
        return false;
      }
      if (table.remove(hash, hi, lo, tag, old)) {
        tell(hash, hi, lo, tag);
        return GrantValue.isLive(old, nowMs);
      }
    }
  }

  /**
   * Takes out what is past its end and tells of each; and of what has no end, what is spent. That
   * is not told: with the time not up, the connections that it let in are to live on.
   */
  public void sweep(long nowMs, Consumer<Grant> ended) {
    table.visit(
        (hi, lo, tag, value, note) -> {
          if (GrantValue.isLive(value, nowMs)) {
            return GrantValue.isSpent(value, note, nowMs);
          }
          ended.accept(grant(hi, lo, tag, value));
          return true;
        });
  }

  /** The grants that still admit somebody, in no order. */
  public List<Grant> list(long nowMs) {
    List<Grant> grants = new ArrayList<>();
    each(
        nowMs,
        grant -> {
          if (grant.connections() > 0) {
            grants.add(grant);
          }
        });
    return grants;
  }

  /** Shows every grant whose time is not up, those without a connection left included. */
  public void each(long nowMs, Consumer<Grant> visitor) {
    table.visit(
        (hi, lo, tag, value, note) -> {
          if (GrantValue.isLive(value, nowMs)) {
            visitor.accept(grant(hi, lo, tag, value));
          }
          return false;
        });
  }

  private static Grant grant(long hi, long lo, long tag, long value) {
    return new Grant(hi, lo, tag, GrantValue.deadlineMs(value), GrantValue.connections(value));
  }

  /** Entries, those past their end included until they are swept. */
  public int size() {
    return table.size();
  }

  /** Most grants. */
  public int limit() {
    return limit;
  }
}

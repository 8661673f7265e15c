package knockgate.bench;

import java.util.concurrent.ConcurrentHashMap;
import knockgate.rules.table.SlotTable;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jctools.maps.NonBlockingHashMapLong;

/**
 * What {@link SlotTable} and the maps that it was chosen over have in common: from a long to a
 * long. The others are at an advantage: a gate's key has 192 bits, and theirs has 64.
 */
public interface LongTable {
  /** What {@link #get} answers for a key that is not there. */
  long ABSENT = SlotTable.ABSENT;

  /** The kinds, by the names that the report shows. */
  enum Kind {
    SLOT_TABLE,
    CONCURRENT_HASH_MAP,
    JCTOOLS_NON_BLOCKING,
    /** Not safe for several threads. */
    AGRONA_LONG_TO_OBJECT,
    /** Not safe for several threads. */
    AGRONA_LONG_TO_LONG;

    /**
     * An empty table.
     *
     * @param entries most entries
     * @param many whether more than one thread puts entries in
     */
    LongTable create(int entries, boolean many) {
      return switch (this) {
        case SLOT_TABLE -> new Slots(entries, many);
        case CONCURRENT_HASH_MAP -> new Concurrent(entries);
        case JCTOOLS_NON_BLOCKING -> new NonBlocking(entries);
        case AGRONA_LONG_TO_OBJECT -> new LongToObject(entries);
        case AGRONA_LONG_TO_LONG -> new LongToLong(entries);
      };
    }
  }

  /** The value of a key, or {@link #ABSENT}. */
  long get(long key);

  /** Puts in a key that is not there. */
  void put(long key, long value);

  /** Takes out a key that is there with this value. */
  void remove(long key, long value);

  /** The gate's own, at its limit. */
  final class Slots implements LongTable {
    private static final long TAG = 1;
    private final SlotTable table;

    Slots(int entries, boolean many) {
      table = new SlotTable(entries, true, many, TableBenchmark.HASH);
    }

    @Override
    public long get(long key) {
      return table.get(TableBenchmark.HASH.of(0, key), 0, key, TAG);
    }

    @Override
    public void put(long key, long value) {
      table.insert(
          TableBenchmark.HASH.of(0, key),
          0,
          key,
          TAG,
          value,
          SlotTable.NO_NOTE,
          SlotTable.MAX_VALUE);
    }

    @Override
    public void remove(long key, long value) {
      long hashed = TableBenchmark.HASH.of(0, key);
      table.removeAt(table.find(hashed, 0, key, TAG), hashed, 0, key, TAG, value);
    }
  }

  /** The JDK's; boxes keys and values. */
  final class Concurrent implements LongTable {
    private final ConcurrentHashMap<Long, Long> map;

    Concurrent(int entries) {
      map = new ConcurrentHashMap<>(entries);
    }

    @Override
    public long get(long key) {
      Long value = map.get(key);
      return value == null ? ABSENT : value;
    }

    @Override
    public void put(long key, long value) {
      map.put(key, value);
    }

    @Override
    public void remove(long key, long value) {
      map.remove(key, value);
    }
  }

  /** JCTools'; boxes values. Uses sun.misc.Unsafe, so it warns from JDK 24 on. */
  final class NonBlocking implements LongTable {
    private final NonBlockingHashMapLong<Long> map;

    NonBlocking(int entries) {
      map = new NonBlockingHashMapLong<>(entries);
    }

    @Override
    public long get(long key) {
      Long value = map.get(key);
      return value == null ? ABSENT : value;
    }

    @Override
    public void put(long key, long value) {
      map.put(key, (Long) value);
    }

    @Override
    public void remove(long key, long value) {
      map.remove(key);
    }
  }

  /** Agrona's; boxes values, for one thread. */
  final class LongToObject implements LongTable {
    private final Long2ObjectHashMap<Long> map;

    LongToObject(int entries) {
      map = new Long2ObjectHashMap<>(2 * entries, 0.65f);
    }

    @Override
    public long get(long key) {
      Long value = map.get(key);
      return value == null ? ABSENT : value;
    }

    @Override
    public void put(long key, long value) {
      map.put(key, (Long) value);
    }

    @Override
    public void remove(long key, long value) {
      map.remove(key);
    }
  }

  /** Agrona's; nothing is boxed, for one thread. */
  final class LongToLong implements LongTable {
    private final Long2LongHashMap map;

    LongToLong(int entries) {
      map = new Long2LongHashMap(2 * entries, 0.65f, ABSENT);
    }

    @Override
    public long get(long key) {
      return map.get(key);
    }

    @Override
    public void put(long key, long value) {
      map.put(key, value);
    }

    @Override
    public void remove(long key, long value) {
      map.remove(key);
    }
  }
}

package knockgate.rules.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlotTableTest {
  private record Key(long hi, long lo, long tag) {}

  private static final KeyHash HASH = new KeyHash(0x1234_5678_9abc_def0L, 0x0fed_cba9_8765_4321L);

  private static HashedTable table(int limit, boolean clustered) {
    return new HashedTable(limit, clustered, true, HASH);
  }

  /** A value as the gate packs an attempt: how far, then how lately, then something of chance. */
  private static long attempt(int step, long atMs, int chance) {
    return (long) step << 51 | atMs << 13 | chance & 0x1fff;
  }

  @Test
  void holdsAsManyAsItsLimitAndNotOneMore() {
    for (int limit : new int[] {1, 2, 31, 1000, 16384, 65536}) {
      for (boolean clustered : new boolean[] {true, false}) {
        HashedTable table = table(limit, clustered);
        for (int i = 0; i < limit; i++) {
          assertThat(table.insert(0, i, 7, 1 + i, i, 0))
              .as("entry %d of %d", i, limit)
              .isEqualTo(Insertion.INSERTED);
        }
        for (int i = 0; i < limit; i++) {
          assertThat(table.get(0, i, 7)).isEqualTo(1 + i);
          assertThat(table.note(0, i, 7)).isEqualTo(i);
        }
        assertThat(table.size()).isEqualTo(limit);
        assertThat(table.insert(1, 1, 7, 5, 0, 0)).isEqualTo(Insertion.FULL);
      }
    }
  }

  @Test
  void tellsOfThoseThatItThrowsOutAndOfNoOthers() {
    for (boolean manyInsert : new boolean[] {true, false}) {
      Set<Key> there = new HashSet<>();
      SlotTable slots =
          new SlotTable(
              64, false, manyInsert, HASH, (hi, lo, tag) -> there.remove(new Key(hi, lo, tag)));
      HashedTable table = new HashedTable(slots, false, HASH);
      for (int i = 1; i <= 1000; i++) {
        assertThat(table.insert(0, i, 7, i, i, i)).isNotEqualTo(Insertion.FULL);
        assertThat(there.add(new Key(0, i, 7))).isTrue();
        if (i % 50 == 0) {
          assertThat(table.remove(0, i, 7, i)).isTrue();
          assertThat(there.remove(new Key(0, i, 7))).as("not told").isTrue();
        }
      }
      assertThat(there).hasSize(table.size());
      assertThat(there).allMatch(key -> table.get(key.hi, key.lo, key.tag) == key.lo);
    }
  }

  @Test
  void aMillionFitAndAreFound() {
    int limit = 1 << 20;
    HashedTable table = table(limit, true);
    int inserted = 0;
    for (int i = 0; i < limit; i++) {
      inserted += table.insert(i, ~i, 7, 1 + i, i, 0) == Insertion.INSERTED ? 1 : 0;
    }
    assertThat(inserted).isEqualTo(limit);
    int found = 0;
    for (int i = 0; i < limit; i++) {
      found += table.get(i, ~i, 7) == 1 + i && table.get(i, i, 7) == SlotTable.ABSENT ? 1 : 0;
    }
    assertThat(found).isEqualTo(limit);
    assertThat(SlotTable.bytes(limit)).isLessThan(84L * limit);
  }

  /** Addresses in a row are what a scan, a provider or an attacker comes from. */
  @Test
  void addressesWithAPatternFindRoomAsRandomOnesDo() {
    int limit = 1 << 16;
    long prefix = 0x2001_0db8_0000_0000L;
    for (long step : new long[] {1, 2, 255, 256, 1 << 16, 1L << 32, 1L << 45, 1L << 48}) {
      for (boolean inHalves : new boolean[] {true, false}) {
        for (int seed = 0; seed < 4; seed++) {
          SplittableRandom random = new SplittableRandom(seed);
          KeyHash hash = new KeyHash(random.nextLong(), random.nextLong());
          HashedTable table = new HashedTable(limit, true, false, hash);
          for (int i = 0; i < limit; i++) {
            long hi = inHalves ? prefix + i * step : 0;
            long lo = inHalves ? 1 : 0xffff_0a00_0000L + i * step; // from ::ffff:10.0.0.0 on
            assertThat(table.insert(hi, lo, 7, 1, 0, 0))
                .as("entry %d, step %d, inHalves %s, seed %d", i, step, inHalves, seed)
                .isEqualTo(Insertion.INSERTED);
          }
        }
      }
    }
  }

  @Test
  void aFullTableThrowsOutTheSmallestAndNeverAGreaterOne() {
    HashedTable table = table(1024, true);
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 1024; i++) {
      table.insert(9, i, 0, attempt(i % 8 == 0 ? 2 : 1, 1000 + i, i), 0, 0);
    }
    int full = 0;
    for (int i = 0; i < 200_000; i++) {
      long newcomer = attempt(1, 10_000 + i, random.nextInt());
      Insertion insertion = table.insert(random.nextLong(), i, 0, newcomer, 0, newcomer);
      full += insertion == Insertion.FULL ? 1 : 0;
      assertThat(insertion).isNotEqualTo(Insertion.EXISTS);
    }
    assertThat(full).isLessThan(10_000);
    for (int i = 0; i < 1024; i += 8) {
      assertThat(table.get(9, i, 0)).as("at step 2, number %d", i).isNotEqualTo(-1);
    }
    assertThat(table.size()).isBetween(1024 - 15, 1024);
  }

  /** Whoever has knocked once keeps the place while many others come. */
  @Test
  void aFloodOfNewcomersThrowsOutTheOldOnes() {
    for (boolean manyInsert : new boolean[] {true, false}) {
      for (int limit : new int[] {4096, 65536}) {
        HashedTable table = new HashedTable(limit, true, manyInsert, new KeyHash(limit, ~limit));
        int sent = 30 * limit;
        for (int i = 1; i <= sent; i++) {
          Insertion insertion = table.insert(9, i, 0, attempt(1, i, 0), 0, attempt(1, i, 0));
          if (i <= limit) {
            assertThat(insertion).isEqualTo(Insertion.INSERTED);
          }
          assertThat(insertion).isIn(Insertion.INSERTED, Insertion.EVICTED);
          int atOnce = Math.min(32, limit / 2048) + SlotPlaces.WAYS - 1;
          assertThat(table.size()).isBetween(Math.min(i, limit - atOnce), limit);
        }
        assertThat(gone(table, sent, limit * 7 / 10)).as("of the newest 7 in 10").isZero();
        assertThat(gone(table, sent, limit * 8 / 10)).as("of the newest 8").isLessThan(limit / 100);
      }
    }
  }

  private static int gone(HashedTable table, int latest, int count) {
    int gone = 0;
    for (int i = latest - count + 1; i <= latest; i++) {
      gone += table.get(9, i, 0) == SlotTable.ABSENT ? 1 : 0;
    }
    return gone;
  }

  @Test
  void agreesWithAPlainMap() {
    for (boolean clustered : new boolean[] {true, false}) {
      for (int seed = 0; seed < 20; seed++) {
        twin(clustered, seed);
      }
    }
  }

  private static void twin(boolean clustered, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    // at most 540 keys: a roomy table, and one that has its buckets crowded
    HashedTable table = table(seed % 2 == 0 ? 4096 : 540, clustered);
    Map<Key, Long> map = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      Key key = new Key(random.nextInt(3), random.nextInt(60), random.nextInt(3));
      String where = "seed " + seed + " clustered " + clustered + " operation " + i;
      step(table, map, key, random, where);
      assertThat(table.size()).as(where).isEqualTo(map.size());
    }
    Map<Key, Long> seen = new HashMap<>();
    table.visit(
        (hi, lo, tag, value, note) -> {
          seen.put(new Key(hi, lo, tag), value);
          return false;
        });
    assertThat(seen).isEqualTo(map);
  }

  private static void step(
      HashedTable table, Map<Key, Long> map, Key key, SplittableRandom random, String where) {
    long value = 1 + random.nextLong(SlotTable.MAX_VALUE - 1);
    Long known = map.get(key);
    long expected = known == null || random.nextInt(4) == 0 ? value : known;
    boolean hits = known != null && known == expected;
    switch (random.nextInt(4)) {
      case 0 -> {
        assertThat(table.insert(key.hi, key.lo, key.tag, value, value, 0))
            .as(where)
            .isEqualTo(known == null ? Insertion.INSERTED : Insertion.EXISTS);
        map.putIfAbsent(key, value);
      }
      case 1 -> {
        assertThat(table.replace(key.hi, key.lo, key.tag, expected, value))
            .as(where)
            .isEqualTo(hits);
        map.computeIfPresent(key, (k, old) -> hits ? value : old);
      }
      case 2 -> {
        assertThat(table.remove(key.hi, key.lo, key.tag, expected)).as(where).isEqualTo(hits);
        map.computeIfPresent(key, (k, old) -> hits ? null : old);
      }
      default ->
          assertThat(table.get(key.hi, key.lo, key.tag))
              .as(where)
              .isEqualTo(known == null ? SlotTable.ABSENT : known);
    }
  }

  @Test
  void collectFindsEveryTagOfOneKey() {
    HashedTable table = table(1024, true);
    for (int peer = 0; peer < 50; peer++) {
      for (int tag = 0; tag < peer % 8; tag++) {
        table.insert(1, peer, tag, 100 + tag, 0, 0);
      }
    }
    long[] tags = new long[SlotTable.REACH];
    long[] values = new long[SlotTable.REACH];
    for (int peer = 0; peer < 50; peer++) {
      int count = table.collect(1, peer, tags, values);
      assertThat(count).isEqualTo(peer % 8);
      for (int i = 0; i < count; i++) {
        assertThat(values[i]).isEqualTo(100 + tags[i]);
      }
    }
  }

  @Test
  void visitTakesOutWhatTheVisitorWants() {
    HashedTable table = table(100, false);
    for (int i = 1; i <= 100; i++) {
      table.insert(0, i, 0, i, 0, 0);
    }
    table.visit((hi, lo, tag, value, note) -> value % 2 == 0);
    assertThat(table.size()).isEqualTo(50);
    assertThat(table.get(0, 2, 0)).isEqualTo(SlotTable.ABSENT);
    assertThat(table.get(0, 3, 0)).isEqualTo(3);
  }
}

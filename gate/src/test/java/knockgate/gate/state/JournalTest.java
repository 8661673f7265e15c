package knockgate.gate.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final int ROOM = 8;

  @TempDir private Path folder;

  private Journal begin(int room, long first) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return Journal.begin(channel, room, first);
    }
  }

  private Path file() {
    return folder.resolve("journal");
  }

  private static void append(Journal journal, long... values) {
    for (long value : values) {
      journal.append(value, 0, 0, 0, 0, StateRecord.kind(StateRecord.USED, 0, 0));
    }
  }

  /** What is in the page cache is what a next process reads. */
  private List<Long> read(long from) throws IOException {
    return read(Files.readAllBytes(file()), from);
  }

  private static List<Long> read(byte[] bytes, long from) throws IOException {
    List<Long> values = new ArrayList<>();
    JournalReading.of(buffer(bytes), from, (records, at) -> values.add(records.getLong(at + 8)));
    return values;
  }

  private static long broken(byte[] bytes, long from) throws IOException {
    return JournalReading.of(buffer(bytes), from, (records, at) -> {}).broken();
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long next(byte[] bytes) throws IOException {
    return JournalReading.of(buffer(bytes), 0, (records, at) -> {}).next();
  }

  @Test
  void recordsAreThereWithoutAnythingBeingClosed() throws IOException {
    Journal journal = begin(ROOM, 100);
    append(journal, 1, 2, 3);
    assertThat(read(0)).containsExactly(1L, 2L, 3L);
    assertThat(read(101)).containsExactly(2L, 3L);
    assertThat(next(Files.readAllBytes(file()))).isEqualTo(103);
  }

  @Test
  void whatFindsNoRoomIsCountedAndNothingIsWrittenOver() throws IOException {
    Journal journal = begin(ROOM, 0);
    append(journal, LongStream.rangeClosed(1, ROOM + 3).toArray());
    assertThat(journal.lost()).isEqualTo(3);
    assertThat(read(0)).hasSize(ROOM).doesNotContain(ROOM + 1L);
  }

  @Test
  void bothAreasAreReadInOrderHoweverOftenItTurned() throws IOException {
    Journal journal = begin(ROOM, 0);
    List<Long> sinceSnapshot = new ArrayList<>();
    long value = 0;
    for (int turn = 0; turn < 7; turn++) {
      journal.turn();
      long from = journal.next();
      sinceSnapshot.clear();
      for (int i = 0; i < 5; i++) {
        append(journal, ++value);
        sinceSnapshot.add(value);
        assertThat(read(from)).isEqualTo(sinceSnapshot);
      }
      assertThat(journal.isHalfFull()).isTrue();
    }
    assertThat(read(0)).as("the area before is still there").hasSize(10).isSorted();
  }

  @Test
  void aNewJournalInAnOldFileHasNoneOfItsRecords() throws IOException {
    Journal old = begin(ROOM, 0);
    append(old, 1, 2, 3);
    old.turn();
    append(old, 4, 5);
    long next = next(Files.readAllBytes(file()));
    Journal journal = begin(ROOM, next);
    assertThat(read(next)).isEmpty();
    append(journal, 6);
    assertThat(read(next)).containsExactly(6L);
  }

  @Test
  void anotherSizeMakesAnotherFile() throws IOException {
    append(begin(ROOM, 0), 1, 2, 3);
    append(begin(4 * ROOM, 3), 4);
    assertThat(Files.size(file())).isEqualTo(Journal.bytes(4 * ROOM));
    assertThat(read(3)).containsExactly(4L);
  }

  @Test
  void aRecordThatWasBeingWrittenIsLeftOutAndTheOthersCount() throws IOException {
    Journal journal = begin(ROOM, 0);
    append(journal, 1, 2, 3);
    byte[] whole = Files.readAllBytes(file());
    for (int longs = 0; longs < 8; longs++) {
      byte[] torn = whole.clone();
      int second = 2 * StateRecord.BYTES;
      Arrays.fill(torn, second + 8 * longs, second + StateRecord.BYTES, (byte) 0);
      assertThat(read(torn, 0)).as("%s longs written", longs).containsExactly(1L, 3L);
      assertThat(broken(torn, 0)).as("%s longs written", longs).isEqualTo(1);
      assertThat(broken(torn, 2)).as("it is in the snapshot").isZero();
    }
  }

  @Test
  void aHeaderThatWasBeingWrittenLosesOnlyTheAreaThatIsNeedless() throws IOException {
    Journal journal = begin(ROOM, 0);
    append(journal, 1);
    journal.turn();
    long from = journal.next();
    append(journal, 2, 3);
    byte[] torn = Files.readAllBytes(file());
    torn[3] ^= 1;
    assertThat(read(torn, from)).containsExactly(2L, 3L);
  }

  @Test
  void anyFlippedBitLosesOneRecordAtMostAndInventsNone() throws IOException {
    Journal journal = begin(ROOM, 0);
    append(journal, 1, 2, 3, 4);
    byte[] whole = Files.readAllBytes(file());
    int bits = 8 * StateRecord.BYTES * 5;
    for (int bit = 8 * StateRecord.BYTES; bit < bits; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(read(flipped, 0)).as("bit %s", bit).hasSize(3).isSubsetOf(1L, 2L, 3L, 4L);
    }
  }

  @Test
  void cutAnywhereItIsDamaged() throws IOException {
    append(begin(ROOM, 0x0101010101010101L), 1, 2, 3); // zeros would be a file being made
    byte[] whole = Files.readAllBytes(file());
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut, 0)).as("cut to %s", length).isInstanceOf(Damage.class);
    }
  }

  @Test
  void aBrokenHeaderLosesNothing() throws IOException {
    Journal journal = begin(ROOM, 100);
    append(journal, 1, 2, 3, 4, 5);
    for (int turn = 0; turn < 3; turn++) {
      byte[] whole = Files.readAllBytes(file());
      List<Long> values = read(whole, 0);
      for (int area = 0; area < 2; area++) {
        for (int bit = 0; bit < 8 * StateRecord.BYTES; bit++) {
          byte[] flipped = whole.clone();
          flipped[Journal.start(area, ROOM) + bit / 8] ^= (byte) (1 << bit % 8);
          assertThat(read(flipped, 0)).as("area %s bit %s", area, bit).isEqualTo(values);
          assertThat(next(flipped)).isEqualTo(next(whole));
        }
      }
      journal.turn();
      append(journal, 10 + turn, 20 + turn);
    }
  }

  @Test
  void aJournalOfALaterFormIsNotRead() throws IOException {
    append(begin(ROOM, 1), 1, 2, 3);
    byte[] later = Files.readAllBytes(file());
    ByteBuffer file = buffer(later);
    long kind = StateRecord.kind(StateRecord.HEADER, 0, 0);
    StateRecord.put(file, 0, 1, Journal.MAGIC, Journal.FORM + 1, ROOM, 0, 0, kind);
    assertThatThrownBy(() -> read(later, 0)).isInstanceOf(Damage.class);
  }

  @Test
  void whatStandsBeforeAGapCountsOnlyBesideASnapshot() throws IOException {
    Journal first = begin(ROOM, 0);
    append(first, 1, 2);
    first.turn();
    append(first, 3, 4);
    first.turn();
    append(first, 5, 6); // in the area that a next life begins with
    Journal next = begin(ROOM, next(Files.readAllBytes(file())));
    append(next, 7);
    byte[] file = Files.readAllBytes(file());
    assertThat(read(file, 0)).as("what took 3 or 4 back may be missing").containsExactly(7L);
    assertThat(read(file, 2)).containsExactly(3L, 4L, 7L);
    assertThat(broken(file, 2)).as("5 and 6").isEqualTo(2);
  }

  @Test
  void aFileThatWasBeingMadeIsNoDamage() throws IOException {
    for (int length : new int[] {0, 1, 64, 1000, (int) Journal.bytes(ROOM)}) {
      assertThat(read(new byte[length], 0)).isEmpty();
      assertThat(JournalReading.of(buffer(new byte[length]), 77, (records, at) -> {}))
          .isEqualTo(new JournalReading(77, 0));
    }
  }

  @Test
  void severalThreadsLoseNothingWhileItTurns() throws Exception {
    int perThread = 20_000;
    int threads = 3;
    Journal journal = begin(1 << 17, 0);
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> writers =
        IntStream.range(0, threads)
            .mapToObj(
                t ->
                    new Thread(
                        () -> {
                          try {
                            go.await();
                          } catch (InterruptedException e) {
                            return;
                          }
                          for (int i = 0; i < perThread; i++) {
                            append(journal, (long) t * perThread + i);
                          }
                        }))
            .toList();
    writers.forEach(Thread::start);
    go.countDown();
    while (journal.next() == 0) {
      Thread.onSpinWait();
    }
    journal.turn();
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(journal.lost()).isZero();
    List<Long> sorted = read(0).stream().sorted().toList(); // in any order would look n times n
    assertThat(sorted).isEqualTo(LongStream.range(0, (long) threads * perThread).boxed().toList());
  }

  @Test
  void aFileThatIsCutShortTurnsItOffAndNobodyWhoWritesNoticesNewOrCompiled() throws IOException {
    for (int before : new int[] {1, 300_000}) {
      Journal journal = begin(1 << 10, 0);
      for (int i = 0; i < before; i++) {
        if (journal.isHalfFull()) {
          journal.turn();
        }
        append(journal, i);
      }
      assertThat(journal.fault()).isNull();
      try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
        channel.truncate(0);
      }
      append(journal, 1, 2, 3);
      assertThat(journal.fault()).isNotNull();
      assertThat(journal.lost()).as("after %s", before).isEqualTo(3);
      assertThat(journal.isHalfFull()).isFalse();
      journal.turn();
    }
  }
}

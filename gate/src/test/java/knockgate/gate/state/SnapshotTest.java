package knockgate.gate.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
  private static final Snapshot.Header HEADER = new Snapshot.Header(4711, 1_795_348_800_000L);

  @TempDir private Path folder;

  private Path written(int records) throws IOException {
    Path file = folder.resolve("state");
    Snapshot.write(
        file,
        HEADER,
        writer -> {
          for (int i = 0; i < records; i++) {
            writer.add(i, -i, 3, 4, 5, StateRecord.kind(StateRecord.GRANT, 1, 0));
          }
        });
    return file;
  }

  private static List<Long> read(Path file) throws IOException {
    List<Long> firsts = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file)) {
      assertThat(Snapshot.read(channel, (records, at) -> firsts.add(records.getLong(at + 8))))
          .isEqualTo(HEADER);
    }
    return firsts;
  }

  @Test
  void everyRecordComesBackInOrder() throws IOException {
    for (int count : new int[] {0, 1, 1023, 1024, 1025, 5000}) {
      List<Long> back = read(written(count));
      assertThat(back).hasSize(count).isSorted();
      assertThat(back).doesNotHaveDuplicates();
    }
  }

  @Test
  void theFileIsForItsOwnerOnlyAndNothingIsLeftBesideIt() throws IOException {
    Path file = written(3);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aSnapshotThatCannotBeFinishedLeavesTheOldOne() throws IOException {
    Path file = written(3);
    assertThatThrownBy(
            () ->
                Snapshot.write(
                    file,
                    HEADER,
                    writer -> {
                      writer.add(1, 2, 3, 4, 5, 6);
                      throw new IOException("no space left");
                    }))
        .hasMessage("no space left");
    assertThat(read(file)).hasSize(3);
    assertThat(read(written(4))).as("and the next one is written").hasSize(4);
  }

  @Test
  void truncatedAtAnyByteItIsDamaged() throws IOException {
    byte[] whole = Files.readAllBytes(written(5));
    for (int length = 0; length < whole.length; length++) {
      assertDamaged(Arrays.copyOf(whole, length), "cut to " + length);
    }
  }

  @Test
  void withAnyBitFlippedItIsDamaged() throws IOException {
    byte[] whole = Files.readAllBytes(written(5));
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertDamaged(flipped, "bit " + bit);
    }
  }

  @Test
  void withBytesBehindItItIsDamaged() throws IOException {
    byte[] whole = Files.readAllBytes(written(5));
    for (int more : new int[] {1, 63, 64, 128}) {
      assertDamaged(Arrays.copyOf(whole, whole.length + more), more + " more");
    }
  }

  @Test
  void recordsInAnotherOrderAreDamage() throws IOException {
    byte[] whole = Files.readAllBytes(written(2));
    byte[] swapped = whole.clone();
    System.arraycopy(whole, 64, swapped, 128, 64);
    System.arraycopy(whole, 128, swapped, 64, 64);
    assertDamaged(swapped, "swapped");
  }

  @Test
  void aFileOfAnotherFormIsToldApart() throws IOException {
    ByteBuffer header = StateRecord.buffer(1);
    for (long[] magicAndForm :
        new long[][] {{Snapshot.MAGIC, 2}, {Journal.MAGIC, Snapshot.FORM}, {0, 0}}) {
      StateRecord.put(header, 0, 0, magicAndForm[0], magicAndForm[1], 0, 0, 0, 0);
      byte[] bytes = new byte[StateRecord.BYTES];
      header.get(0, bytes);
      Path file = Files.write(folder.resolve("other"), bytes);
      try (FileChannel channel = FileChannel.open(file)) {
        assertThatThrownBy(() -> Snapshot.read(channel, (records, at) -> {}))
            .isInstanceOf(Damage.class)
            .hasMessageContaining("form that this version does not know");
      }
    }
  }

  private void assertDamaged(byte[] bytes, String how) throws IOException {
    Path file = Files.write(folder.resolve("damaged"), bytes);
    try (FileChannel channel = FileChannel.open(file)) {
      assertThatThrownBy(
              () ->
                  Snapshot.read(
                      channel,
                      (records, at) -> {
                        throw new AssertionError("a record of a damaged file is used: " + how);
                      }))
          .as(how)
          .isInstanceOf(Damage.class);
    }
  }
}

package knockgate.gate.state;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Any file is a snapshot or damaged; records that nobody wrote, with their checks right, leave the
 * tables whole.
 */
class SnapshotFuzz {
  private static final int FROM = 32;
  private static final int WALL = 40;

  private final Path file;

  SnapshotFuzz() throws IOException {
    file = Files.createTempFile("knockgate-fuzz", ".state"); // for its owner only
    file.toFile().deleteOnExit();
  }

  @FuzzTest
  void isReadOrDamaged(byte[] bytes) throws IOException {
    read(bytes);
    if (bytes.length >= StateRecord.BYTES && !read(believed(bytes))) {
      throw new AssertionError("whole records count as damage");
    }
  }

  private boolean read(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    FuzzedLife life = new FuzzedLife();
    try (FileChannel channel = FileChannel.open(file)) {
      Snapshot.read(channel, life::take);
      return true;
    } catch (Damage damage) {
      return false;
    } finally {
      life.check();
    }
  }

  /** The same records, as many as are whole, behind a header and with checks that hold. */
  private static byte[] believed(byte[] bytes) {
    int records = bytes.length / StateRecord.BYTES;
    byte[] whole = Arrays.copyOf(bytes, records * StateRecord.BYTES);
    ByteBuffer file = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    for (int number = 1; number < records; number++) {
      FuzzedLife.believe(file, number * StateRecord.BYTES, number);
    }
    StateRecord.put(
        file,
        0,
        records - 1,
        Snapshot.MAGIC,
        Snapshot.FORM,
        0,
        file.getLong(FROM),
        file.getLong(WALL),
        StateRecord.kind(StateRecord.HEADER, 0, 0));
    return whole;
  }
}

package knockgate.gate.state;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Any file is a journal or damaged; records that nobody wrote, with their checks right, leave the
 * tables whole.
 */
class JournalFuzz {
  private static final int AREAS = 2;

  @FuzzTest
  void isReadOrDamaged(byte[] bytes) {
    read(FuzzedLife.copy(bytes));
    int slots = bytes.length / (AREAS * StateRecord.BYTES);
    if (slots > 1) {
      read(believed(Arrays.copyOf(bytes, AREAS * slots * StateRecord.BYTES), slots));
    }
  }

  /** Beside a snapshot, and without one. */
  private static void read(ByteBuffer file) {
    for (long from : new long[] {0, 1}) {
      FuzzedLife life = new FuzzedLife();
      try {
        JournalReading.of(file, from, life::take);
      } catch (Damage damage) {
        // as it should be
      }
      life.check();
    }
  }

  /** The same bytes as two areas with headers; where a record's number is 0 it is left broken. */
  private static ByteBuffer believed(byte[] bytes, int slots) {
    ByteBuffer file = FuzzedLife.copy(bytes);
    for (int area = 0; area < AREAS; area++) {
      int start = area * slots * StateRecord.BYTES;
      long first = file.getLong(start);
      for (int slot = 1; slot < slots; slot++) {
        int at = start + slot * StateRecord.BYTES;
        if (file.getLong(at) != 0) {
          FuzzedLife.believe(file, at, first + slot - 1);
        }
      }
      StateRecord.put(
          file,
          start,
          first,
          Journal.MAGIC,
          Journal.FORM,
          slots - 1,
          0,
          0,
          StateRecord.kind(StateRecord.HEADER, 0, 0));
    }
    return file;
  }
}

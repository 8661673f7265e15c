package knockgate.gate.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StateRecordTest {
  private static final long SEED = 20_261_122;

  @Test
  void whatWasPutIsThere() {
    ByteBuffer buffer = StateRecord.buffer(2);
    StateRecord.put(
        buffer, 64, 7, 1, 2, 3, 4, 5, StateRecord.kind(StateRecord.GRANT, 65_534, 0x30_ffff));
    assertThat(StateRecord.isWhole(buffer, 64, 7)).isTrue();
    for (int i = 1; i <= 5; i++) {
      assertThat(buffer.getLong(64 + 8 * i)).isEqualTo(i);
    }
    long kind = buffer.getLong(64 + 48);
    assertThat(StateRecord.kindOf(kind)).isEqualTo(StateRecord.GRANT);
    assertThat(StateRecord.connectionsOf(kind)).isEqualTo(65_534);
    assertThat(StateRecord.partOf(kind)).isEqualTo(0x30_ffff);
  }

  @Test
  void everyFlippedBitIsNoticed() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int round = 0; round < 50; round++) {
      ByteBuffer buffer = record(random, round);
      for (int bit = 0; bit < 8 * StateRecord.BYTES; bit++) {
        flip(buffer, bit);
        assertThat(StateRecord.isWhole(buffer, 0, round)).as("seed %s bit %s", SEED, bit).isFalse();
        flip(buffer, bit);
      }
      assertThat(StateRecord.isWhole(buffer, 0, round)).isTrue();
    }
  }

  @Test
  void everyOtherLongInOnePlaceIsNoticed() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int round = 0; round < 10_000; round++) {
      ByteBuffer buffer = record(random, round);
      int at = 8 * random.nextInt(8);
      buffer.putLong(at, buffer.getLong(at) + 1 + random.nextLong(Long.MAX_VALUE));
      assertThat(StateRecord.isWhole(buffer, 0)).as("seed %s round %s", SEED, round).isFalse();
    }
  }

  @Test
  void aRecordOfZerosIsNone() {
    assertThat(StateRecord.isWhole(StateRecord.buffer(1), 0)).isFalse();
  }

  private static ByteBuffer record(SplittableRandom random, long number) {
    ByteBuffer buffer = StateRecord.buffer(1);
    StateRecord.put(
        buffer,
        0,
        number,
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong());
    return buffer;
  }

  private static void flip(ByteBuffer buffer, int bit) {
    buffer.put(bit / 8, (byte) (buffer.get(bit / 8) ^ 1 << bit % 8));
  }
}

package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Byte for byte what libnetfilter_queue sends for the same verdicts (captured). */
class VerdictBatchTest {
  @Test
  void packsVerdictsInOrderAsTheLibraryWouldSendThem() {
    VerdictBatch batch = new VerdictBatch(7, 3);
    batch.add(1, true);
    batch.add(2, true, 0x4b);
    batch.add(0xffff_fffe, false);

    assertThat(batch.count()).isEqualTo(3);
    assertThat(batch.isFull()).isTrue();
    assertThat(hex(batch)).isEqualTo(captured("accept", "accept-mark", "drop"));
  }

  @Test
  void usedAgainItHoldsNothingOfBefore() {
    VerdictBatch batch = new VerdictBatch(7, 2);
    batch.add(-1, true, -1);
    batch.add(-1, true, -1);
    batch.clear();
    assertThat(batch.count()).isZero();
    assertThat(batch.bytes()).isZero();

    batch.add(1, true);
    batch.add(2, true, 0x4b);

    assertThat(hex(batch)).isEqualTo(captured("accept", "accept-mark"));
  }

  @Test
  void markMayBeAllBits() {
    VerdictBatch batch = new VerdictBatch(0xfffe, 1);
    batch.add(0x0102_0304, false, 0xfedc_ba98);
    assertThat(hex(batch))
        .as("queue 0xfffe, NF_DROP, id, mark in network order")
        .isEqualTo(
            "28000000010301000000000000000000"
                + "0000fffe"
                + "0c000200"
                + "0000000001020304"
                + "08000300"
                + "fedcba98");
  }

  @Test
  void oneTooManyIsRefusedAndChangesNothing() {
    VerdictBatch batch = new VerdictBatch(7, 1);
    batch.add(1, true);
    assertThatThrownBy(() -> batch.add(2, true)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> batch.add(2, true, 3)).isInstanceOf(IllegalStateException.class);
    assertThat(hex(batch)).isEqualTo(captured("accept"));
  }

  @ParameterizedTest
  @CsvSource({"-1, 1", "65536, 1", "0, 0", "0, 1025"})
  void refusesWhatCannotBe(int queue, int capacity) {
    assertThatThrownBy(() -> new VerdictBatch(queue, capacity))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String hex(VerdictBatch batch) {
    byte[] bytes = new byte[batch.bytes()];
    batch.memory().get(0, bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String captured(String... names) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String name : names) {
      all.writeBytes(Messages.bytes(name));
    }
    return HexFormat.of().formatHex(all.toByteArray());
  }
}

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
    batch.clear();
    batch.add(3, true);
    batch.clear();
    batch.add(4, true);
    assertThat(hex(batch))
        .as("no neighbour in an empty batch")
        .isEqualTo(ONE + ACCEPT + "00000004");
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

  /** libnetfilter_queue's nfq_set_verdict_batch: the same message, of another type. */
  private static final String ALL_TO = "20000000030301000000000000000000" + "00000007" + "0c000200";

  private static final String ONE = "20000000010301000000000000000000" + "00000007" + "0c000200";
  private static final String ACCEPT = "00000001";
  private static final String DROP = "00000000";

  @Test
  void neighboursJudgedAlikeShareAMessage() {
    VerdictBatch batch = new VerdictBatch(7, 8);
    for (int id = 5; id <= 8; id++) {
      batch.add(id, true);
    }
    batch.add(9, false);
    batch.add(10, true);
    batch.add(11, true);

    assertThat(batch.count()).isEqualTo(7);
    assertThat(hex(batch))
        .isEqualTo(
            (ALL_TO + ACCEPT + "00000008")
                + (ONE + DROP + "00000009")
                + (ALL_TO + ACCEPT + "0000000b"));
  }

  @Test
  void aPacketThatIsNotOursIsInNobodysMessage() {
    VerdictBatch batch = new VerdictBatch(7, 8);
    batch.add(-2, false);
    batch.add(-1, false);
    batch.add(0, false);
    batch.add(2, false);

    assertThat(hex(batch))
        .as("ids wrap; 1 is missing")
        .isEqualTo((ALL_TO + DROP + "00000000") + (ONE + DROP + "00000002"));
  }

  @Test
  void aMarkIsForOnePacketAlone() {
    VerdictBatch batch = new VerdictBatch(7, 4);
    batch.add(1, true);
    batch.add(2, true, 0x4b);
    batch.add(3, true);

    assertThat(hex(batch)).hasSize(2 * (32 + 40 + 32)).startsWith(ONE).endsWith("00000003");
    assertThat(hex(batch).substring(2 * (32 + 40))).startsWith(ONE);
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

package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The test plays the kernel: it writes msg_len, msg_flags and the slots as recvmmsg does. */
class ReceiveBatchTest {
  private static final int MESSAGES = 5;
  private static final int SLOT = 384;
  private static final int SLOTS = 448; // 5 * (64 + 16) = 400, rounded up to a line of 64

  private final ReceiveBatch batch = new ReceiveBatch(MESSAGES, SLOT - 30);

  @Test
  void laysOutHeadersVectorsAndSlotsForTheKernel() {
    ByteBuffer memory = batch.memory();
    assertThat(memory.capacity()).isEqualTo(SLOTS + MESSAGES * SLOT);
    for (int i = 0; i < MESSAGES; i++) {
      int header = i * 64;
      int vector = MESSAGES * 64 + i * 16;
      assertThat(memory.getLong(header)).as("msg_name").isZero();
      assertThat(memory.getInt(header + 8)).as("msg_namelen").isZero();
      assertThat(memory.getLong(header + 16)).as("msg_iov").isEqualTo(batch.address() + vector);
      assertThat(memory.getLong(header + 24)).as("msg_iovlen").isOne();
      assertThat(memory.getLong(header + 32)).as("msg_control").isZero();
      assertThat(memory.getLong(header + 40)).as("msg_controllen").isZero();
      assertThat(memory.getLong(vector)).as("iov_base").isEqualTo(batch.address() + slot(i));
      assertThat(memory.getLong(vector + 8)).as("iov_len").isEqualTo(SLOT);
    }
  }

  @Test
  void keepsThePacketsInOrderAndCountsTheRest() {
    arrives(0, "ack", 0);
    arrives(1, "udp4", 0);
    arrives(2, "refused", 0);
    arrives(3, "copy-256", 0); // a type that nobody sends to us
    arrives(4, "tcp6", 0);

    assertThat(batch.wrap(MESSAGES)).isEqualTo(2);

    assertThat(batch.message(0).packetId()).isEqualTo(1);
    assertThat(batch.message(1).packetId()).isEqualTo(4);
    assertThat(batch.message(1).payloadOffset()).isBetween(slot(4), slot(5));
    assertThat(batch.refused()).isOne();
    assertThat(batch.malformed()).isOne();
    assertThat(batch.truncated()).isZero();
  }

  @Test
  void nextCallStartsFromNothing() {
    arrives(0, "refused", 0);
    arrives(1, "udp4", 0);
    assertThat(batch.wrap(2)).isOne();
    arrives(0, "tcp4", 0);

    assertThat(batch.wrap(1)).isOne();

    assertThat(batch.message(0).packetId()).isEqualTo(3);
    assertThat(batch.refused()).isZero();
  }

  @Test
  void truncatedPacketIsCountedAndStillHasItsId() {
    ReceiveBatch tight = new ReceiveBatch(1, 64);
    tight.memory().put(128, Messages.bytes("udp4"), 0, 64);
    tight.memory().putInt(48, 0x20); // MSG_TRUNC
    tight.memory().putInt(56, 64);

    assertThat(tight.wrap(1)).isOne();

    assertThat(tight.truncated()).isOne();
    assertThat(tight.message(0).isTruncated()).isTrue();
    assertThat(tight.message(0).packetId()).isEqualTo(1);
    assertThat(tight.message(0).payloadLength()).isZero();
  }

  @Test
  void slotHoldsTheCopyRangeAndEverythingBeforeIt() {
    int withoutPayload = Messages.bytes("cut4").length - 256;
    assertThat(ReceiveBatch.slotBytesFor(256)).isGreaterThan(2 * withoutPayload + 256);
    assertThat(ReceiveBatch.slotBytesFor(Netlink.NFQNL_MAX_COPY_RANGE)).isGreaterThan(0xffff);
  }

  @ParameterizedTest
  @CsvSource({"0, 256", "1025, 256", "1, 19", "1024, 2147483647", "1024, 4000000"})
  void refusesWhatCannotBe(int messages, int slotBytes) {
    assertThatThrownBy(() -> new ReceiveBatch(messages, slotBytes))
        .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class);
  }

  private static int slot(int index) {
    return SLOTS + index * SLOT;
  }

  private void arrives(int index, String name, int flags) {
    byte[] bytes = Messages.bytes(name);
    batch.memory().put(slot(index), bytes);
    batch.memory().putInt(index * 64 + 48, flags);
    batch.memory().putInt(index * 64 + 56, bytes.length);
  }
}

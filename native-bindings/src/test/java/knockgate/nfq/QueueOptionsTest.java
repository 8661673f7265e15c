package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "-1, 1, 1, 1, queue number",
    "65536, 1, 1, 1, queue number",
    "0, 0, 1, 1, queue length",
    "0, 1, 0, 1, copy range", // the kernel takes 0 for everything
    "0, 1, 65532, 1, copy range",
    "0, 1, 1, 0, receive buffer",
  })
  void namesWhatIsOutOfRange(int number, int length, int range, int buffer, String what) {
    assertThatThrownBy(() -> new QueueOptions(number, length, false, range, buffer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(what);
  }

  @Test
  void adviceForTheReceiveBufferNeverOverflows() {
    assertThat(QueueOptions.receiveBufferFor(16_384)).isEqualTo(16_384 * 1152);
    assertThat(QueueOptions.receiveBufferFor(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE / 2);
  }
}

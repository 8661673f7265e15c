package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoSocketTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 128, 1473, 65_507})
  void theIpv4MessageSumsToAllOnes(int payloadBytes) {
    byte[] message = EchoSocket.echoRequest(false, payloadBytes, 0x10002);
    assertThat(message).hasSize(8 + payloadBytes);
    assertThat(message[0]).isEqualTo((byte) 8);
    assertThat(message[1]).isZero();
    assertThat(onesComplementSum(message)).isEqualTo(0xffff);
  }

  @Test
  void theIpv6ChecksumIsLeftToTheKernel() {
    byte[] message = EchoSocket.echoRequest(true, 3, 7);
    assertThat(message).hasSize(11);
    assertThat(message[0]).isEqualTo((byte) 128);
    assertThat(ByteBuffer.wrap(message).getShort(2)).isZero();
  }

  /** RFC 1071, the slow way: an odd last byte is padded with zero. */
  private static int onesComplementSum(byte[] bytes) {
    int sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      sum += (bytes[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }
}

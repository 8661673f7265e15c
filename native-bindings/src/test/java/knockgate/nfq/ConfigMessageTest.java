package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ConfigMessageTest {
  @Test
  void asksForPacketsAsTheLibraryWould() {
    assertThat(bytes(ConfigMessage.copyPackets(7, 256))).isEqualTo(Messages.bytes("copy-256"));
  }

  @Test
  void noopIsAHeaderThatWantsAnAnswer() {
    assertThat(HexFormat.of().formatHex(bytes(ConfigMessage.noop())))
        .isEqualTo("10000000" + "0100" + "0500" + "00000000" + "00000000");
  }

  private static byte[] bytes(ByteBuffer message) {
    byte[] bytes = new byte[message.capacity()];
    message.get(0, bytes);
    return bytes;
  }
}

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

  private static final QueueOptions OPTIONS = new QueueOptions(258, 16384, true, 2048, 65536);

  /** nlmsghdr, nfgenmsg with the queue in network order, then the attributes; little-endian. */
  @Test
  void askingSetsTheLengthToWhatItIs() {
    assertThat(hex(ConfigMessage.ask(OPTIONS)))
        .isEqualTo(
            "1c000000"
                + "0203"
                + "0500"
                + "676b0000"
                + "00000000"
                + "00000102"
                + "08000300"
                + "00004000");
  }

  @Test
  void bindingAgainIsOneMessageWithAllThatTheQueueWasSetUpWith() {
    assertThat(hex(ConfigMessage.bind(OPTIONS)))
        .isEqualTo(
            "40000000"
                + "0203"
                + "0500"
                + "676b0000"
                + "00000000"
                + "00000102"
                + "08000100"
                + "01000000"
                + "09000200"
                + "0000080002"
                + "000000"
                + "08000300"
                + "00004000"
                + "08000400"
                + "00000005"
                + "08000500"
                + "00000005");
  }

  private static String hex(ByteBuffer message) {
    return HexFormat.of().formatHex(bytes(message));
  }

  private static byte[] bytes(ByteBuffer message) {
    byte[] bytes = new byte[message.capacity()];
    message.get(0, bytes);
    return bytes;
  }
}

package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketMessageTest {
  private static final String[] PACKETS = {"udp4", "udp6", "tcp4", "tcp6", "cut4"};
  private static final int MUTATIONS = 50_000;

  @ParameterizedTest
  @CsvSource({
    // name, id, mark, payload bytes, bytes of the packet, first and last bytes of the payload
    "udp4, 1, 0x0,         33,  33, 45000021, 6e6f636b",
    "udp6, 2, 0x0,         54,  54, 60099474, 6f636b36",
    "tcp4, 3, 0x12345678,  60,  60, 4500003c, 0103030a",
    "tcp6, 4, 0x12345678,  80,  80, 6001e328, 0103030a",
    "cut4, 5, 0x0,        256, 540, 4500021c, e0e1e2e3",
  })
  void readsWhatTheKernelSent(
      String name, int id, String mark, int length, int original, String first, String last) {
    PacketMessage message = Messages.read(Messages.bytes(name));

    assertThat(message.isPacket()).isTrue();
    assertThat(message.isError()).isFalse();
    assertThat(message.packetId()).isEqualTo(id);
    assertThat(message.mark()).isEqualTo(Integer.decode(mark));
    assertThat(message.hook()).as("NF_INET_LOCAL_IN").isEqualTo(1);
    assertThat(message.payloadLength()).isEqualTo(length);
    assertThat(message.originalLength()).isEqualTo(original);
    String payload = HexFormat.of().formatHex(Messages.payload(message));
    assertThat(payload).startsWith(first).endsWith(last);
  }

  @Test
  void viewIsInNetworkOrder() {
    PacketMessage message = Messages.read(Messages.bytes("udp4"));
    int udp = message.payloadOffset() + 20;
    assertThat(message.buffer().getShort(udp + 2)).as("destination port").isEqualTo((short) 7000);
  }

  @Test
  void refusalCarriesItsErrno() {
    PacketMessage message = Messages.read(Messages.bytes("refused"));
    assertThat(message.isError()).isTrue();
    assertThat(message.isPacket()).isFalse();
    assertThat(message.error()).as("ENOENT").isEqualTo(2);
  }

  @Test
  void acknowledgementIsErrorZero() {
    PacketMessage message = Messages.read(Messages.bytes("ack"));
    assertThat(message.isError()).isTrue();
    assertThat(message.error()).isZero();
  }

  @Test
  void packetWithoutPayloadHasLengthZero() {
    byte[] bytes = Messages.bytes("udp4");
    int payloadAttribute = bytes.length - 33 - 4;
    byte[] short_ = Arrays.copyOf(bytes, payloadAttribute);
    setInt(short_, 0, payloadAttribute);

    PacketMessage message = Messages.read(short_);

    assertThat(message.isPacket()).isTrue();
    assertThat(message.packetId()).isEqualTo(1);
    assertThat(message.payloadLength()).isZero();
    assertThat(message.originalLength()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 0xffff, 38})
  void lyingPayloadLengthLeavesThePacketItsIdButNoPayload(int attributeLength) {
    byte[] bytes = Messages.bytes("udp4");
    setShort(bytes, bytes.length - 33 - 4, attributeLength);

    PacketMessage message = Messages.read(bytes);

    assertThat(message.isPacket()).isTrue();
    assertThat(message.packetId()).isEqualTo(1);
    assertThat(message.payloadLength()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 15", // the whole message is shorter than its header
    "0, 102", // and longer than what was received
    "0, -1",
    "0, 2147483647",
    "20, 10", // the packet header attribute is too short for a hook
    "20, 0",
    "20, 65535",
  })
  void lyingLengthBeforeTheIdIsNoPacket(int at, int length) {
    byte[] bytes = Messages.bytes("udp4");
    if (at == 0) {
      setInt(bytes, 0, length);
    } else {
      setShort(bytes, at, length);
    }
    PacketMessage message = Messages.read(bytes);
    assertThat(message.isPacket()).isFalse();
    assertThat(message.isError()).isFalse();
  }

  @Test
  void nestedAndByteOrderFlagsOfAnAttributeTypeAreIgnored() {
    byte[] bytes = Messages.bytes("udp4");
    setShort(bytes, 22, 0x8000 | 0x4000 | 1);
    assertThat(Messages.read(bytes).isPacket()).isTrue();
  }

  @Test
  void forgetsTheMessageBefore() {
    byte[] first = Messages.bytes("cut4");
    ByteBuffer memory = ByteBuffer.allocate(first.length).order(ByteOrder.nativeOrder()).put(first);
    PacketMessage message = new PacketMessage(memory, memory.duplicate(), 0);
    message.wrap(first.length, false);
    byte[] second = Messages.bytes("refused");
    memory.put(0, second);

    message.wrap(second.length, false);

    assertThat(NaiveMessage.of(message)).isEqualTo(NaiveMessage.of(second, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"udp4", "udp6", "tcp4", "tcp6", "cut4", "refused", "ack"})
  void everyTruncationReadsLikeTheTwin(String name) {
    byte[] whole = Messages.bytes(name);
    for (int length = 0; length <= whole.length; length++) {
      byte[] received = Arrays.copyOf(whole, length);
      for (boolean cut : new boolean[] {false, true}) {
        PacketMessage message = Messages.read(received, length, cut);
        assertThat(NaiveMessage.of(message))
            .as("%s, first %d bytes, MSG_TRUNC %s", name, length, cut)
            .isEqualTo(NaiveMessage.of(received, cut));
        assertThat(message.isTruncated()).isEqualTo(cut);
      }
    }
  }

  @Test
  void cutPacketKeepsItsIdFromTheHeaderAttributeOn() {
    byte[] whole = Messages.bytes("tcp4");
    int headerAttributeEnds = 20 + 4 + 7;
    for (int length = 0; length < whole.length; length++) {
      PacketMessage message = Messages.read(whole, length, true);
      assertThat(message.isPacket())
          .as("%d bytes", length)
          .isEqualTo(length >= headerAttributeEnds);
      assertThat(message.payloadLength()).isZero();
    }
  }

  @Test
  void mutatedMessagesReadLikeTheTwin() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = Messages.bytes(PACKETS[random.nextInt(PACKETS.length)]);
      for (int flips = random.nextInt(1, 6); flips > 0; flips--) {
        // Mostly in the headers, where the lengths are.
        int at = random.nextInt(random.nextInt(4) == 0 ? bytes.length : 96);
        bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(16));
      }
      byte[] received = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      boolean cut = random.nextBoolean();
      assertThat(NaiveMessage.of(Messages.read(received, received.length, cut)))
          .as("seed %d, round %d: %s", seed, i, HexFormat.of().formatHex(received))
          .isEqualTo(NaiveMessage.of(received, cut));
    }
  }

  private static void setInt(byte[] bytes, int at, int value) {
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(at, value);
  }

  private static void setShort(byte[] bytes, int at, int value) {
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putShort(at, (short) value);
  }
}

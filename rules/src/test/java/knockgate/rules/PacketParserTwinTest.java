package knockgate.rules;

import static knockgate.rules.PacketBytes.authentication;
import static knockgate.rules.PacketBytes.extension;
import static knockgate.rules.PacketBytes.fragment;
import static knockgate.rules.PacketBytes.icmp;
import static knockgate.rules.PacketBytes.join;
import static knockgate.rules.PacketBytes.parse;
import static knockgate.rules.PacketBytes.shown;
import static knockgate.rules.PacketBytes.tcp;
import static knockgate.rules.PacketBytes.udp;
import static knockgate.rules.PacketBytes.v4;
import static knockgate.rules.PacketBytes.v6;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The parser against its slow twin, on packets that are cut, bent and made up. */
class PacketParserTwinTest {
  private static final List<byte[]> GOOD =
      List.of(
          v4(6, tcp(40000, 4002, 77, 2)),
          v4(6, "01".repeat(12), 0x2000, tcp(40000, 4002, 77, 2)),
          v4(17, udp(40000, 7000, new byte[65])),
          v4(17, udp(40000, 7000, new byte[1600])),
          v4(1, icmp(8, 56, 0x12345678)),
          v4(47, new byte[8]),
          v6(6, tcp(40000, 4002, 77, 2)),
          v6(17, udp(40000, 7000, new byte[65])),
          v6(58, icmp(128, 56, 0x9abcdef0)),
          v6(44, join(fragment(17, 1), udp(1, 2, new byte[40]))),
          v6(
              0,
              join(
                  extension(43, 8),
                  extension(44, 24),
                  fragment(51, 0),
                  authentication(60, 24),
                  extension(6, 16),
                  tcp(40000, 4002, 77, 2))));

  @Test
  void everyPrefixOfAGoodPacketReadsAsTheTwinReadsIt() {
    for (byte[] packet : GOOD) {
      for (int length = 0; length <= packet.length; length++) {
        assertAgrees(Arrays.copyOf(packet, length), "prefix of " + length + " bytes");
      }
    }
  }

  @Test
  void everySingleByteChangeReadsAsTheTwinReadsIt() {
    for (byte[] packet : GOOD) {
      for (int index = 0; index < Math.min(packet.length, 128); index++) {
        for (int value : new int[] {0, 1, 5, 44, 0x45, 0x60, 0x7f, 0x80, 0xff}) {
          assertAgrees(PacketBytes.with(packet, index, value), "byte " + index);
        }
      }
    }
  }

  @Test
  void bentPacketsReadAsTheTwinReadsThem() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] packet = GOOD.get(random.nextInt(GOOD.size())).clone();
      for (int changes = random.nextInt(6); changes >= 0; changes--) {
        packet[random.nextInt(Math.min(packet.length, 100))] = (byte) random.nextInt(256);
      }
      byte[] cut = Arrays.copyOf(packet, random.nextInt(packet.length + 9));
      assertAgrees(cut, "seed " + seed + ", round " + round);
    }
  }

  @Test
  void noiseReadsAsTheTwinReadsIt() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    int[] numbers = {0, 6, 17, 43, 44, 51, 58, 60, 135};
    for (int round = 0; round < 20_000; round++) {
      byte[] noise = new byte[random.nextInt(160)];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = (byte) (random.nextBoolean() ? random.nextInt(256) : numbers[random.nextInt(9)]);
      }
      if (noise.length > 0) {
        noise[0] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
      }
      assertAgrees(noise, "seed " + seed + ", round " + round);
    }
  }

  @Test
  void parsingAllocatesNothing() {
    List<ByteBuffer> buffers = GOOD.stream().map(PacketParserTwinTest::direct).toList();
    Packet packet = new Packet();
    long allocated = Allocated.bytes(() -> parseAll(buffers, packet, 20_000));
    // A byte a packet would be 220,000.
    assertThat(allocated).isLessThan(1_000);
  }

  private static void parseAll(List<ByteBuffer> buffers, Packet packet, int rounds) {
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < buffers.size(); i++) {
        ByteBuffer buffer = buffers.get(i);
        PacketParser.parse(buffer, 0, buffer.limit(), packet);
      }
    }
  }

  private static ByteBuffer direct(byte[] packet) {
    return ByteBuffer.allocateDirect(packet.length).put(packet).flip();
  }

  private static void assertAgrees(byte[] packet, String what) {
    String expected = SlowPacketReader.read(packet);
    if (!shown(parse(packet)).equals(expected)) {
      assertThat(shown(parse(packet)))
          .as(what + ": " + HexFormat.of().formatHex(packet))
          .isEqualTo(expected);
    }
  }
}

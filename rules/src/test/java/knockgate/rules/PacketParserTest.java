package knockgate.rules;

import static knockgate.rules.PacketBytes.authentication;
import static knockgate.rules.PacketBytes.extension;
import static knockgate.rules.PacketBytes.fragment;
import static knockgate.rules.PacketBytes.hex;
import static knockgate.rules.PacketBytes.icmp;
import static knockgate.rules.PacketBytes.join;
import static knockgate.rules.PacketBytes.parse;
import static knockgate.rules.PacketBytes.shown;
import static knockgate.rules.PacketBytes.tcp;
import static knockgate.rules.PacketBytes.udp;
import static knockgate.rules.PacketBytes.v4;
import static knockgate.rules.PacketBytes.v6;
import static knockgate.rules.PacketBytes.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import knockgate.rules.policy.TcpFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketParserTest {
  private static final String FROM_V4 = "192.0.2.1 > 198.51.100.2 ";
  private static final String FROM_V6 = "2001:db8::1 > 2001:db8::2 ";
  private static final byte[] SYN = tcp(40000, 4002, 77, TcpFlags.SYN);
  private static final String SYN_SHOWN = "tcp 40000>4002 seq=77 flags=2";
  private static final byte[] DATAGRAM = udp(40000, 7000, hex("c0ffee"));

  /** Every packet of the corpus that is given as bytes, and what it must be read as. */
  @ParameterizedTest
  @CsvSource({
    "45000014000100004006468fc63364170a090001, unreadable",
    "45000015000100004006468ec63364170a0900019c, unreadable",
    "4500001600010000400666cd0a0900020a0900019c40, unreadable",
    "4500001700010000400666cc0a0900020a0900019c400f, unreadable",
    "45000018000100004006468bc63364170a0900019c405149, tcp 40000>20809 seq=0 flags=0 header-cut",
    "4500001800010000400666cb0a0900020a0900019c400016, tcp 40000>22 seq=0 flags=0 header-cut",
    "4500001c00010000400666c70a0900020a0900019c400fa100000000,"
        + " tcp 40000>4001 seq=0 flags=0 header-cut",
    "450000200001000040064683c63364170a0900019c4001bb0000000000000000,"
        + " tcp 40000>443 seq=0 flags=0 header-cut",
    "4500002700010000400666bc0a0900020a0900019c400fa1000000000000000000000000000000,"
        + " tcp 40000>4001 seq=0 flags=0 header-cut",
    "45000028000100004006467bc63364170a0900019c40514900000001000000001002040000000000,"
        + " tcp 40000>20809 seq=1 flags=2",
    "4500002800010000400666bb0a0900020a0900019c400fa1000000010000000050020400dead0000,"
        + " tcp 40000>4001 seq=1 flags=2",
    "450000140001000040114684c63364170a090001, unreadable",
    "450000170001000040114681c63364170a0900019c4051, unreadable",
    "4500001800010000401166c00a0900020a0900019c400fa1,"
        + " udp 40000>4001 [] header-cut payload-cut",
    "4500001b000100004011467dc63364170a0900019c405149000800,"
        + " udp 40000>20809 [] header-cut payload-cut",
    "4500001c000100004011467cc63364170a0900019c40514903e70000," + " udp 40000>20809 [] payload-cut",
    "450000160001000040014692c63364170a0900010800, unreadable",
    "450000180001000040014690c63364170a0900010800f7ff, other",
  })
  void corpusPacketsReadAsTheModuleTookThem(String bytes, String expected) {
    assertThat(shown(parse(hex(bytes)))).endsWith(expected);
  }

  @Test
  void wholePacketsOfEachProtocolAreRead() {
    assertThat(shown(parse(v4(6, SYN)))).isEqualTo(FROM_V4 + SYN_SHOWN);
    assertThat(shown(parse(v4(17, DATAGRAM)))).isEqualTo(FROM_V4 + "udp 40000>7000 [c0ffee]");
    assertThat(shown(parse(v4(1, icmp(8, 128))))).isEqualTo(FROM_V4 + "icmp 0>128 seq=0");
    assertThat(shown(parse(v6(6, SYN)))).isEqualTo(FROM_V6 + SYN_SHOWN);
    assertThat(shown(parse(v6(17, DATAGRAM)))).isEqualTo(FROM_V6 + "udp 40000>7000 [c0ffee]");
    assertThat(shown(parse(v6(58, icmp(128, 0))))).isEqualTo(FROM_V6 + "icmp 0>0 seq=0");
  }

  @Test
  void versionIsKept() {
    assertThat(parse(v4(6, SYN)).version).isEqualTo(4);
    assertThat(parse(v6(6, SYN)).version).isEqualTo(6);
    assertThat(parse(with(v4(6, SYN), 0, 0x55)).version).isZero();
  }

  @Test
  void largePortsAndSequenceNumbersKeepTheirBits() {
    Packet packet = parse(v4(6, tcp(65535, 65534, 0xfffffffe, 0xff)));
    assertThat(packet.srcPort).isEqualTo(65535);
    assertThat(packet.dstPort).isEqualTo(65534);
    assertThat(packet.sequence).isEqualTo(0xfffffffe);
    assertThat(packet.flags).isEqualTo(255);
  }

  @Test
  void protocolsWithoutPortsOfOursAreReadableAndNamedByNobody() {
    for (int protocol : new int[] {2, 33, 41, 47, 50, 58, 89, 132, 136, 255}) {
      assertThat(shown(parse(v4(protocol, SYN)))).as("IPv4 " + protocol).endsWith("other");
    }
    for (int protocol : new int[] {1, 4, 33, 50, 59, 132, 136, 253}) {
      assertThat(shown(parse(v6(protocol, SYN)))).as("IPv6 " + protocol).endsWith("other");
    }
    assertThat(shown(parse(v6(59, hex(""))))).endsWith("other");
  }

  @Test
  void echoRequestsAreToldApartByIdentifierAndNumber() {
    assertThat(parse(v4(1, icmp(8, 3, 0x1234_0002))).sequence).isEqualTo(0x1234_0002);
    assertThat(parse(v6(58, icmp(128, 3, 0x1234_0003))).sequence).isEqualTo(0x1234_0003);
  }

  @Test
  void onlyEchoRequestsAreKnocks() {
    assertThat(shown(parse(v4(1, icmp(0, 8))))).endsWith("other");
    assertThat(shown(parse(v4(1, icmp(3, 28))))).endsWith("other");
    assertThat(shown(parse(v4(1, icmp(128, 8))))).endsWith("other");
    assertThat(shown(parse(v6(58, icmp(8, 8))))).endsWith("other");
    assertThat(shown(parse(v6(58, icmp(135, 16))))).endsWith("other");
  }

  @Test
  void optionsOfIpv4AreSkipped() {
    assertThat(shown(parse(v4(6, "01010101", 0, SYN)))).isEqualTo(FROM_V4 + SYN_SHOWN);
    assertThat(shown(parse(v4(6, "01".repeat(40), 0, SYN)))).isEqualTo(FROM_V4 + SYN_SHOWN);
  }

  @Test
  void lyingIpv4LengthsAreNotFollowed() {
    byte[] good = v4(17, DATAGRAM);
    assertThat(shown(parse(with(good, 0, 0x44)))).as("header below 20").isEqualTo("unreadable");
    assertThat(shown(parse(with(good, 0, 0x4f)))).as("header behind end").isEqualTo("unreadable");
    assertThat(shown(parse(with(good, 3, 19)))).as("total below header").isEqualTo("unreadable");
    assertThat(shown(parse(with(good, 3, 0)))).as("total zero").isEqualTo("unreadable");
    assertThat(shown(parse(with(good, 3, 23)))).as("total before ports").isEqualTo("unreadable");
    assertThat(shown(parse(with(good, 3, 30))))
        .as("total before the end: the rest is padding")
        .endsWith("[c0ff] payload-cut");
    assertThat(shown(parse(with(good, 3, 255))))
        .as("total behind the end: the rest was not captured")
        .endsWith("[c0ffee] payload-cut");
  }

  @Test
  void paddingBehindThePacketIsNotPayload() {
    assertThat(shown(parse(join(v4(17, DATAGRAM), new byte[18])))).endsWith("[c0ffee]");
    assertThat(shown(parse(join(v6(17, DATAGRAM), new byte[18])))).endsWith("[c0ffee]");
  }

  @Test
  void lyingUdpLengthsMakeThePayloadUntrusted() {
    byte[] good = v4(17, DATAGRAM);
    for (int lie : new int[] {0, 7, 8, 10, 12, 255}) {
      assertThat(shown(parse(with(good, 25, lie))))
          .as("UDP length " + lie)
          .isEqualTo(FROM_V4 + "udp 40000>7000 [c0ffee] payload-cut");
    }
  }

  @Test
  void longPayloadsAreKeptUpToTheLimit() {
    byte[] fits = new byte[Packet.MAX_PAYLOAD];
    byte[] tooLong = new byte[Packet.MAX_PAYLOAD + 1];
    fits[fits.length - 1] = 9;
    Packet packet = parse(v4(17, udp(1, 2, fits)));
    assertThat(packet.payloadLength).isEqualTo(Packet.MAX_PAYLOAD);
    assertThat(packet.payload).isEqualTo(fits);
    assertThat(packet.payloadCut).isFalse();
    packet = parse(v6(17, udp(1, 2, tooLong)));
    assertThat(packet.payloadLength).isEqualTo(Packet.MAX_PAYLOAD);
    assertThat(packet.payloadCut).isTrue();
  }

  @Test
  void echoSizeIsWhatIpSaysNotWhatWasCaptured() {
    byte[] whole = v4(1, icmp(8, 1400));
    Packet packet = new Packet();
    PacketParser.parse(ByteBuffer.wrap(whole), 0, 128, packet);
    assertThat(shown(packet)).isEqualTo(FROM_V4 + "icmp 0>1400 seq=0");
  }

  @Test
  void firstFragmentIsJudgedAndLaterOnesAreUnreadable() {
    assertThat(shown(parse(v4(6, "", 0x2000, SYN))))
        .isEqualTo(FROM_V4 + SYN_SHOWN + " payload-cut");
    assertThat(shown(parse(v4(17, "", 0x2000, DATAGRAM)))).endsWith("[c0ffee] payload-cut");
    assertThat(shown(parse(v4(17, "", 0x4000, DATAGRAM)))).as("DF").endsWith("[c0ffee]");
    assertThat(shown(parse(v4(6, "", 0x2001, SYN)))).isEqualTo("unreadable");
    assertThat(shown(parse(v4(6, "", 0x1fff, SYN)))).isEqualTo("unreadable");
    assertThat(shown(parse(v6(44, join(fragment(6, 1), SYN)))))
        .isEqualTo(FROM_V6 + SYN_SHOWN + " payload-cut");
    assertThat(shown(parse(v6(44, join(fragment(6, 0), SYN)))))
        .as("atomic fragment")
        .isEqualTo(FROM_V6 + SYN_SHOWN);
    assertThat(shown(parse(v6(44, join(fragment(6, 8), SYN))))).isEqualTo("unreadable");
  }

  @Test
  void fragmentOfAnEchoRequestDoesNotTellItsSize() {
    assertThat(shown(parse(v4(1, "", 0x2000, icmp(8, 64))))).endsWith("other");
    assertThat(shown(parse(v6(44, join(fragment(58, 1), icmp(128, 64)))))).endsWith("other");
  }

  @Test
  void extensionHeadersAreWalked() {
    byte[] chain =
        join(
            extension(60, 8),
            extension(43, 16),
            extension(44, 24),
            fragment(51, 0),
            authentication(60, 24),
            extension(135, 8),
            extension(6, 8),
            SYN);
    assertThat(shown(parse(v6(0, chain)))).isEqualTo(FROM_V6 + SYN_SHOWN);
  }

  @Test
  void extensionHeadersAreBounded() {
    byte[] eight = SYN;
    for (int i = 0; i < 8; i++) {
      eight = join(extension(i == 0 ? 6 : 60, 8), eight);
    }
    assertThat(shown(parse(v6(60, eight)))).isEqualTo(FROM_V6 + SYN_SHOWN);
    assertThat(shown(parse(v6(60, join(extension(60, 8), eight))))).isEqualTo("unreadable");
  }

  @Test
  void hopByHopHeaderBehindAnotherIsUnreadable() {
    byte[] misplaced = join(extension(0, 8), extension(6, 8), SYN);
    assertThat(shown(parse(v6(60, misplaced)))).isEqualTo("unreadable");
    assertThat(shown(parse(v6(0, misplaced)))).isEqualTo("unreadable");
  }

  @Test
  void lyingExtensionLengthsAreUnreadable() {
    byte[] good = v6(60, join(extension(6, 8), SYN));
    assertThat(shown(parse(with(good, 41, 3)))).as("behind the end").isEqualTo("unreadable");
    assertThat(shown(parse(with(good, 41, 255)))).as("far behind").isEqualTo("unreadable");
    assertThat(shown(parse(with(good, 5, 7)))).as("payload length 7").isEqualTo("unreadable");
    assertThat(shown(parse(with(good, 5, 8)))).as("header only").isEqualTo("unreadable");
    assertThat(shown(parse(with(good, 5, 0)))).as("jumbogram").isEqualTo("unreadable");
  }

  @Test
  void mappedAddressesInIpv6AreUnreadable() {
    byte[] good = v6(6, SYN);
    byte[] mapped = hex("00000000000000000000ffffc0000201");
    byte[] badSource = good.clone();
    System.arraycopy(mapped, 0, badSource, 8, 16);
    byte[] badTarget = good.clone();
    System.arraycopy(mapped, 0, badTarget, 24, 16);
    assertThat(shown(parse(badSource))).isEqualTo("unreadable");
    assertThat(shown(parse(badTarget))).isEqualTo("unreadable");
  }

  @Test
  void nothingOfAnEarlierPacketStaysInTheSlot() {
    byte[] first = v6(17, udp(9, 9, new byte[99]));
    byte[] second = v4(6, "", 0, hex("00010002"));
    Packet reused = new Packet();
    PacketParser.parse(ByteBuffer.wrap(first), 0, first.length, reused);
    PacketParser.parse(ByteBuffer.wrap(second), 0, second.length, reused);
    assertThat(shown(reused)).isEqualTo(FROM_V4 + "tcp 1>2 seq=0 flags=0 header-cut");
    assertThat(reused.payloadLength).isZero();
    PacketParser.parse(ByteBuffer.allocate(0), 0, 0, reused);
    assertThat(reused.readable).isFalse();
    assertThat(reused.version).isZero();
    assertThat(reused.dstPort).isZero();
  }

  @Test
  void offsetAndByteOrderOfTheBufferDoNotMatter() {
    byte[] bytes = v6(17, DATAGRAM);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 5).order(ByteOrder.LITTLE_ENDIAN);
    direct.put(3, bytes);
    Packet packet = new Packet();
    PacketParser.parse(direct, 3, bytes.length, packet);
    assertThat(shown(packet)).isEqualTo(FROM_V6 + "udp 40000>7000 [c0ffee]");
    assertThat(direct.position()).isZero();
  }

  @Test
  void rangeOutsideTheBufferIsUnreadable() {
    ByteBuffer buffer = ByteBuffer.wrap(v4(6, SYN));
    int[][] ranges = {{-1, 40}, {1, 40}, {0, 41}, {0, -1}, {40, 0}, {Integer.MAX_VALUE, 40}};
    for (int[] range : ranges) {
      Packet packet = new Packet();
      PacketParser.parse(buffer, range[0], range[1], packet);
      assertThat(packet.readable).as(range[0] + ", " + range[1]).isFalse();
    }
  }

  @Test
  void hexOfAPacketIsReadAsWritten() {
    assertThat(HexFormat.of().formatHex(v4(6, SYN)))
        .isEqualTo(
            "4500002800010000400600"
                + "00c0000201c6336402"
                + "9c400fa20000004d00000000500204000000"
                + "0000");
  }
}

package knockgate.rules;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import knockgate.rules.words.Prefix;

/**
 * Writes packets for tests, header by header; checksums are left at zero, nobody here reads them.
 */
final class PacketBytes {
  static final String V4_SOURCE = "c0000201"; // 192.0.2.1
  static final String V4_TARGET = "c6336402"; // 198.51.100.2
  static final String V6_SOURCE = "20010db8000000000000000000000001";
  static final String V6_TARGET = "20010db8000000000000000000000002";

  private PacketBytes() {}

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", "").replace("\n", ""));
  }

  /** An IPv4 packet without options. */
  static byte[] v4(int protocol, byte[] content) {
    return v4(protocol, "", 0, content);
  }

  /**
   * An IPv4 packet.
   *
   * @param options whole words, in hexadecimal
   * @param fragment flags and offset field
   */
  static byte[] v4(int protocol, String options, int fragment, byte[] content) {
    int header = 20 + options.length() / 2;
    ByteBuffer packet = ByteBuffer.allocate(header + content.length);
    packet.put((byte) (0x40 | header / 4)).put((byte) 0).putShort((short) packet.capacity());
    packet.putShort((short) 1).putShort((short) fragment);
    packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
    packet.put(hex(V4_SOURCE)).put(hex(V4_TARGET)).put(hex(options)).put(content);
    return packet.array();
  }

  /**
   * An IPv6 packet.
   *
   * @param next first next header field
   * @param content extension headers and what follows them
   */
  static byte[] v6(int next, byte[] content) {
    ByteBuffer packet = ByteBuffer.allocate(40 + content.length);
    packet.putInt(0x60000000).putShort((short) content.length).put((byte) next).put((byte) 64);
    packet.put(hex(V6_SOURCE)).put(hex(V6_TARGET)).put(content);
    return packet.array();
  }

  static byte[] tcp(int srcPort, int dstPort, int sequence, int flags) {
    ByteBuffer header = ByteBuffer.allocate(20);
    header.putShort((short) srcPort).putShort((short) dstPort).putInt(sequence).putInt(0);
    header.put((byte) 0x50).put((byte) flags).putShort((short) 1024);
    return header.array();
  }

  static byte[] udp(int srcPort, int dstPort, byte[] payload) {
    ByteBuffer datagram = ByteBuffer.allocate(8 + payload.length);
    datagram.putShort((short) srcPort).putShort((short) dstPort);
    datagram.putShort((short) datagram.capacity()).putShort((short) 0).put(payload);
    return datagram.array();
  }

  static byte[] icmp(int type, int payload) {
    return icmp(type, payload, 0);
  }

  /**
   * An ICMP message.
   *
   * @param idAndNumber an echo request's identifier and sequence number
   */
  static byte[] icmp(int type, int payload, int idAndNumber) {
    ByteBuffer message = ByteBuffer.allocate(8 + payload);
    message.put((byte) type).put((byte) 0).putShort((short) 0).putInt(idAndNumber);
    return message.array();
  }

  /** An extension header of so many bytes, in the units that most of them use. */
  static byte[] extension(int next, int size) {
    ByteBuffer header = ByteBuffer.allocate(size);
    header.put((byte) next).put((byte) (size / 8 - 1));
    return header.array();
  }

  static byte[] fragment(int next, int offsetAndFlag) {
    ByteBuffer header = ByteBuffer.allocate(8);
    header.put((byte) next).put((byte) 0).putShort((short) offsetAndFlag).putInt(7);
    return header.array();
  }

  static byte[] authentication(int next, int size) {
    ByteBuffer header = ByteBuffer.allocate(size);
    header.put((byte) next).put((byte) (size / 4 - 2));
    return header.array();
  }

  static byte[] join(byte[]... parts) {
    int size = 0;
    for (byte[] part : parts) {
      size += part.length;
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }

  /** The packet with one byte changed. */
  static byte[] with(byte[] packet, int index, int value) {
    byte[] changed = packet.clone();
    changed[index] = (byte) value;
    return changed;
  }

  static Packet parse(byte[] packet) {
    Packet into = new Packet();
    PacketParser.parse(ByteBuffer.wrap(packet), 0, packet.length, into);
    return into;
  }

  /** What the parser found, in one line. */
  static String shown(Packet p) {
    if (!p.readable) {
      return "unreadable";
    }
    String line = Prefix.address(p.srcHi, p.srcLo) + " > " + Prefix.address(p.dstHi, p.dstLo) + " ";
    if (p.protocol == null) {
      return line + "other";
    }
    return line
        + switch (p.protocol) {
          case TCP ->
              "tcp " + p.srcPort + ">" + p.dstPort + " seq=" + p.sequence + " flags=" + p.flags;
          case UDP ->
              "udp "
                  + p.srcPort
                  + ">"
                  + p.dstPort
                  + " ["
                  + HexFormat.of().formatHex(p.payload, 0, p.payloadLength)
                  + "]";
          case ICMP -> "icmp " + p.srcPort + ">" + p.dstPort + " seq=" + p.sequence;
        }
        + (p.headerCut ? " header-cut" : "")
        + (p.payloadCut ? " payload-cut" : "");
  }
}

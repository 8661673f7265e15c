package knockgate.gate.conformance;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;

/** Builds the IPv4 packet that an event of the corpus describes. Checksums are left 0. */
final class EventPacket {
  /** The one local address of the recordings; no rule looks at it. */
  private static final int DESTINATION = 0x0a090001;

  private static final int DEFAULT_SOURCE_PORT = 40000;
  private static final String FLAG_BITS = "FSRPAUEC";

  private EventPacket() {}

  static ByteBuffer of(Map<String, Object> event) {
    if (event.containsKey("raw_hex")) {
      return ByteBuffer.wrap(hex(event, "raw_hex"));
    }
    int source = address((String) requireNonNull(event.get("src")));
    int sourcePort = number(event, "sport", DEFAULT_SOURCE_PORT);
    int port = number(event, "dport", 0);
    byte[] payload = hex(event, "payload_hex");
    byte[] options = hex(event, "ipopt_hex");
    int protocol = Protocols.number((String) requireNonNull(event.get("proto")));
    byte[] transport =
        switch (protocol) {
          case Protocols.TCP ->
              tcp(sourcePort, port, number(event, "seq", 1), flags(event), payload);
          case Protocols.ICMP -> echoRequest(payload);
          default -> udp(sourcePort, port, payload);
        };
    return ipv4(source, protocol, options, transport);
  }

  static ByteBuffer ipv4(int source, int protocol, byte[] options, byte[] transport) {
    int header = 20 + options.length;
    ByteBuffer packet = ByteBuffer.allocate(header + transport.length);
    packet.put((byte) (0x40 | (header / 4))).put((byte) 0).putShort((short) packet.capacity());
    packet.putShort((short) 1).putShort((short) 0);
    packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
    packet.putInt(source).putInt(DESTINATION).put(options).put(transport);
    return packet;
  }

  static byte[] tcp(int sourcePort, int port, int sequence, int flags, byte[] payload) {
    ByteBuffer segment = ByteBuffer.allocate(20 + payload.length);
    segment.putShort((short) sourcePort).putShort((short) port).putInt(sequence).putInt(0);
    segment.put((byte) 0x50).put((byte) flags).putShort((short) 1024).putInt(0);
    return segment.put(payload).array();
  }

  /** UDP, and good enough for UDP-Lite, SCTP and DCCP: they too begin with the two ports. */
  static byte[] udp(int sourcePort, int port, byte[] payload) {
    int length = 8 + payload.length;
    ByteBuffer datagram = ByteBuffer.allocate(length);
    datagram.putShort((short) sourcePort).putShort((short) port);
    return datagram.putShort((short) length).putShort((short) 0).put(payload).array();
  }

  private static byte[] echoRequest(byte[] payload) {
    return ByteBuffer.allocate(8 + payload.length).put((byte) 8).position(8).put(payload).array();
  }

  /** A dotted address as the number it is. */
  static int address(String dotted) {
    int address = 0;
    for (String part : dotted.split("\\.", -1)) {
      address = (address << 8) | Integer.parseInt(part);
    }
    return address;
  }

  private static int flags(Map<String, Object> event) {
    int flags = 0;
    for (char letter : ((String) event.getOrDefault("flags", "S")).toCharArray()) {
      flags |= 1 << FLAG_BITS.indexOf(letter);
    }
    return flags;
  }

  private static int number(Map<String, Object> event, String key, long otherwise) {
    return (int) (long) event.getOrDefault(key, otherwise);
  }

  private static byte[] hex(Map<String, Object> event, String key) {
    return HexFormat.of().parseHex((String) event.getOrDefault(key, ""));
  }
}

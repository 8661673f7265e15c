package knockgate.gate.gpg;

import java.nio.ByteBuffer;
import knockgate.rules.words.Prefix;

/** IPv4 packets as the parser wants them; nobody looks at their checksums. */
final class Datagram {
  private static final int IP = 20;
  private static final int SYN = 2;

  private Datagram() {}

  static ByteBuffer udp(String source, int port, byte[] payload) {
    ByteBuffer packet = ip(source, 17, 8 + payload.length);
    packet.putShort((short) 40_000).putShort((short) port);
    packet.putShort((short) (8 + payload.length)).putShort((short) 0);
    return packet.put(payload).flip();
  }

  static ByteBuffer syn(String source, int port) {
    ByteBuffer packet = ip(source, 6, 20);
    packet.putShort((short) 40_000).putShort((short) port).putInt(1).putInt(0);
    packet.put((byte) 0x50).put((byte) SYN).putShort((short) 1000).putInt(0);
    return packet.flip();
  }

  private static ByteBuffer ip(String source, int protocol, int length) {
    ByteBuffer packet = ByteBuffer.allocate(IP + length);
    packet.put((byte) 0x45).put((byte) 0).putShort((short) (IP + length)).putInt(0);
    packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
    packet.putInt((int) Prefix.parse(source).lo()).putInt(0x0a000001);
    return packet;
  }
}

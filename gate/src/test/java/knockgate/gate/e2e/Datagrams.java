package knockgate.gate.e2e;

import java.nio.ByteBuffer;

/**
 * UDP datagrams over IPv4 with a forged source, as whole Ethernet frames.
 *
 * <pre>
 *   Ethernet 14: destination 6 | source 6 | type 2
 *   IPv4 20, without options
 *   UDP 8: source port 2 | port 2 | length 2 | checksum 2, 0 = none (RFC 768)
 *   payload, the same in every frame
 * </pre>
 *
 * One frame is laid out once and rewritten in place. Not thread-safe.
 */
final class Datagrams {
  private static final int IP = 14;
  private static final int UDP = IP + 20;
  private static final int PAYLOAD = UDP + 8;

  private final ByteBuffer frame;

  /** Datagrams for one address and port of the server. */
  Datagrams(Wire wire, String to, int port, byte[] payload) {
    frame = ByteBuffer.allocateDirect(PAYLOAD + payload.length);
    frame.put(0, Frames.hardware(Forger.hardware(wire.server())));
    frame.put(6, Frames.hardware(Forger.hardware(wire.client())));
    frame.putShort(12, (short) 0x0800);
    frame.put(IP, (byte) 0x45).putShort(IP + 2, (short) (frame.capacity() - IP));
    frame.put(IP + 8, (byte) 64).put(IP + 9, (byte) 17);
    frame.put(IP + 16, Address.bytes(to));
    frame.putShort(UDP + 2, (short) port).putShort(UDP + 4, (short) (8 + payload.length));
    frame.put(PAYLOAD, payload);
  }

  /** Rewrites the frame. */
  ByteBuffer from(int source, int fromPort) {
    frame.putInt(IP + 12, source);
    frame.putShort(IP + 10, (short) 0);
    frame.putShort(IP + 10, Frames.checksum(frame, IP, 20, 0));
    frame.putShort(UDP, (short) fromPort);
    return frame;
  }
}

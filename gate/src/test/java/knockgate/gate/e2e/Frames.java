package knockgate.gate.e2e;

import java.nio.ByteBuffer;

/**
 * Forged TCP SYNs as whole Ethernet frames, with right checksums.
 *
 * <pre>
 *   Ethernet 14: destination 6 | source 6 | type 2
 *   IPv4 20 or IPv6 40, without options
 *   TCP 20: source port 2 | port 2 | sequence 4 | acknowledgement 4 | length, flags 2
 *           | window 2 | checksum 2 | urgent 2
 * </pre>
 *
 * One frame is laid out once and rewritten in place. Not thread-safe.
 */
final class Frames {
  private static final int ETHERNET = 14;
  private static final int TCP = 20;
  private static final int SYN = 0x5002; // five words of header, flag SYN

  private final ByteBuffer frame;
  private final int addressLength;
  private final int tcp;

  /** SYNs from interface to interface, both given as {@code aa:bb:cc:dd:ee:ff}. */
  Frames(String fromDevice, String toDevice, String to) {
    byte[] target = Address.bytes(to);
    addressLength = target.length;
    boolean v4 = addressLength == 4;
    tcp = ETHERNET + (v4 ? 20 : 40);
    frame = ByteBuffer.allocateDirect(tcp + TCP);
    frame.put(0, hardware(toDevice)).put(6, hardware(fromDevice));
    frame.putShort(12, (short) (v4 ? 0x0800 : 0x86dd));
    if (v4) {
      frame.put(ETHERNET, (byte) 0x45).putShort(ETHERNET + 2, (short) (20 + TCP));
      frame.put(ETHERNET + 8, (byte) 64).put(ETHERNET + 9, (byte) 6);
    } else {
      frame.put(ETHERNET, (byte) 0x60).putShort(ETHERNET + 4, (short) TCP);
      frame.put(ETHERNET + 6, (byte) 6).put(ETHERNET + 7, (byte) 64);
    }
    frame.put(tcp - addressLength, target);
    frame.putShort(tcp + 12, (short) SYN).putShort(tcp + 14, (short) 64240);
  }

  /** Rewrites the frame; only the last four bytes of the source are given, the rest stay 0. */
  ByteBuffer syn(int source, int fromPort, int toPort, int sequence) {
    frame.putInt(tcp - addressLength - 4, source);
    if (addressLength == 16) {
      frame.putInt(tcp - 2 * addressLength, 0x20010db8); // 2001:db8::/32, never a mapped address
    } else {
      frame.putShort(ETHERNET + 10, (short) 0);
      frame.putShort(ETHERNET + 10, checksum(frame, ETHERNET, 20, 0));
    }
    frame.putShort(tcp, (short) fromPort).putShort(tcp + 2, (short) toPort);
    frame.putInt(tcp + 4, sequence);
    frame.putShort(tcp + 16, (short) 0);
    int pseudoHeader = 2 * addressLength;
    int length = pseudoHeader + TCP;
    frame.putShort(tcp + 16, checksum(frame, tcp - pseudoHeader, length, 6 + TCP));
    return frame;
  }

  /** Length of every frame, in bytes. */
  int length() {
    return frame.capacity();
  }

  /** The Internet checksum (RFC 1071) of an even number of bytes. */
  static short checksum(ByteBuffer frame, int offset, int length, int start) {
    int sum = start;
    for (int i = offset; i < offset + length; i += 2) {
      sum += frame.getShort(i) & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    return (short) ~sum;
  }

  /** The six bytes of {@code aa:bb:cc:dd:ee:ff}. */
  static byte[] hardware(String written) {
    byte[] bytes = new byte[6];
    String[] parts = written.split(":", -1);
    for (int i = 0; i < 6; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i], 16);
    }
    return bytes;
  }
}

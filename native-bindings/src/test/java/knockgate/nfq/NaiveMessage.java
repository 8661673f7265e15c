package knockgate.nfq;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** What a message says, read slowly into objects: the twin of {@link PacketMessage}. */
record NaiveMessage(
    boolean packet,
    boolean error,
    int errno,
    int id,
    int hook,
    int mark,
    int originalLength,
    String payload) {
  private static final NaiveMessage NOTHING = new NaiveMessage(false, false, 0, 0, 0, 0, 0, "");

  /** The same facts, from the flyweight. */
  static NaiveMessage of(PacketMessage m) {
    String payload = HexFormat.of().formatHex(Messages.payload(m));
    return new NaiveMessage(
        m.isPacket(),
        m.isError(),
        m.error(),
        m.packetId(),
        m.hook(),
        m.mark(),
        m.originalLength(),
        payload);
  }

  /** The facts of these bytes; cut says whether there were more. */
  static NaiveMessage of(byte[] received, boolean cut) {
    if (received.length < 16) {
      return NOTHING;
    }
    ByteBuffer header = ByteBuffer.wrap(received).order(ByteOrder.nativeOrder());
    int declared = header.getInt();
    int type = header.getShort() & 0xffff;
    if (declared < 16 || (declared > received.length && !cut)) {
      return NOTHING;
    }
    byte[] body = Arrays.copyOfRange(received, 16, Math.min(declared, received.length));
    if (type == 2 && body.length >= 4) {
      int errno = -ByteBuffer.wrap(body).order(ByteOrder.nativeOrder()).getInt();
      return new NaiveMessage(false, true, errno, 0, 0, 0, 0, "");
    }
    return type == 0x300 && body.length > 4
        ? ofAttributes(attributes(Arrays.copyOfRange(body, 4, body.length)))
        : NOTHING;
  }

  private static Map<Integer, byte[]> attributes(byte[] rest) {
    Map<Integer, byte[]> byType = new HashMap<>();
    while (rest.length >= 4) {
      ByteBuffer header = ByteBuffer.wrap(rest).order(ByteOrder.nativeOrder());
      int length = header.getShort() & 0xffff;
      int type = header.getShort() & 0x3fff;
      if (length < 4 || length > rest.length) {
        break;
      }
      byte[] value = Arrays.copyOfRange(rest, 4, length);
      if (type != 1 || value.length >= 7) {
        byType.put(type, value);
      }
      rest = Arrays.copyOfRange(rest, Math.min((length + 3) / 4 * 4, rest.length), rest.length);
    }
    return byType;
  }

  private static NaiveMessage ofAttributes(Map<Integer, byte[]> byType) {
    byte[] header = byType.getOrDefault(1, new byte[7]);
    byte[] payload = byType.getOrDefault(10, new byte[0]);
    return new NaiveMessage(
        byType.containsKey(1),
        false,
        0,
        word(header),
        header[6] & 255,
        word(byType.getOrDefault(3, new byte[4])),
        Math.max(word(byType.getOrDefault(13, new byte[4])), payload.length),
        HexFormat.of().formatHex(payload));
  }

  private static int word(byte[] value) {
    return value.length < 4 ? 0 : ByteBuffer.wrap(value).getInt();
  }
}

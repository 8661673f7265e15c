package knockgate.nfq;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The captured messages of {@code messages.txt}, by name. */
final class Messages {
  private static final Map<String, byte[]> BY_NAME = read();

  private Messages() {}

  private static Map<String, byte[]> read() {
    try (InputStream file = Messages.class.getResourceAsStream("messages.txt")) {
      byte[] text = Objects.requireNonNull(file, "messages.txt").readAllBytes();
      return new String(text, StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" +", -1))
          .collect(Collectors.toMap(row -> row[0], row -> HexFormat.of().parseHex(row[1])));
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** A fresh copy of a message. */
  static byte[] bytes(String name) {
    return Objects.requireNonNull(BY_NAME.get(name), name).clone();
  }

  /** A flyweight that has read these bytes, received whole. */
  static PacketMessage read(byte[] bytes) {
    return read(bytes, bytes.length, false);
  }

  /** A flyweight that has read the first bytes; the slot lies in the middle of a larger buffer. */
  static PacketMessage read(byte[] bytes, int length, boolean cut) {
    int start = 64;
    ByteBuffer memory = ByteBuffer.allocate(start + length).order(ByteOrder.nativeOrder());
    memory.put(start, bytes, 0, length);
    PacketMessage message = new PacketMessage(memory, memory.duplicate(), start);
    message.wrap(length, cut);
    return message;
  }

  /** The payload, copied out. */
  static byte[] payload(PacketMessage message) {
    byte[] payload = new byte[message.payloadLength()];
    message.buffer().get(message.payloadOffset(), payload);
    return payload;
  }
}

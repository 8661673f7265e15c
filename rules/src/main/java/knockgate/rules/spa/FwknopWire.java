package knockgate.rules.spa;

import java.nio.charset.StandardCharsets;

/**
 * The payload of an fwknop packet in symmetric mode (specs, fwknop-spa.md, 3 and 4).
 *
 * <pre>
 *   base64 of "Salted__" salt blocks, no padding     base64 of the HMAC, no padding
 *   +------------+--------------------------------+--------------------------------+
 *   | U2FsdGVkX1 | body                           | 0, 22, 27, 43, 64 or 86        |
 *   +------------+--------------------------------+--------------------------------+
 *     not sent     sent                             sent, no separator
 *
 *   HMAC input: prefix and body, as text
 * </pre>
 */
public final class FwknopWire {
  /** The real server reads payloads from this length on. */
  static final int MIN_PAYLOAD = 140;

  /** It reads no longer ones. */
  public static final int MAX_PAYLOAD = 1500;

  /** What a sender cuts off: the first 10 characters of base64 of "Salted__". */
  static final byte[] PREFIX = "U2FsdGVkX1".getBytes(StandardCharsets.US_ASCII);

  private FwknopWire() {}

  /**
   * The packet of a message.
   *
   * @param keys how it is sealed
   * @param salt 8 bytes, random for every message
   */
  public static byte[] packet(FwknopMessage message, FwknopKeys keys, byte[] salt) {
    byte[] plain = message.text().getBytes(StandardCharsets.US_ASCII);
    byte[] salted = new SaltedCipher().encrypt(keys.mode(), keys.key(), salt, plain);
    byte[] text = Base64Text.encode(salted).getBytes(StandardCharsets.US_ASCII);
    int body = text.length - PREFIX.length;
    byte[] packet = new byte[body + Hmac.textLength(keys)];
    System.arraycopy(text, PREFIX.length, packet, 0, body);
    Hmac hmac = Hmac.of(keys);
    if (hmac != null) {
      byte[] mac = new byte[hmac.length()];
      hmac.update(text, 0, text.length);
      hmac.finish(mac, 0);
      Base64Text.encode(mac, 0, mac.length, packet, body);
    }
    return packet;
  }

  /** Whether a body of that many characters can be whole cipher blocks behind the header. */
  static boolean isWholeBlocks(int body) {
    int characters = body + PREFIX.length;
    int bytes = Base64Text.decodedLength(characters);
    return characters % 4 != 1
        && bytes % SaltedCipher.BLOCK == 0
        && bytes >= SaltedCipher.HEADER + SaltedCipher.BLOCK;
  }

  /** Whether a payload begins with what a sender cuts off. */
  static boolean beginsWithPrefix(byte[] payload) {
    return Hmac.equal(payload, 0, PREFIX, 0, PREFIX.length);
  }
}

package knockgate.rules.spa;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Base64 (RFC 4648, 4) without padding, and of that only the one canonical spelling. The last
 * character of a text may hold two or four bits that no byte uses; fwknop's own decoder ignores
 * them, so one message has up to sixteen spellings there, and its replay memory can be fooled. Here
 * they must be zero, as RFC 4648, 3.5 allows a decoder to demand.
 */
final class Base64Text {
  private static final byte[] ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VALUES = new byte[256];

  static {
    Arrays.fill(VALUES, (byte) -1);
    for (int i = 0; i < ALPHABET.length; i++) {
      VALUES[ALPHABET[i]] = (byte) i;
    }
  }

  private Base64Text() {}

  /** Characters that {@code bytes} bytes take. */
  static int encodedLength(int bytes) {
    return (bytes * 8 + 5) / 6;
  }

  /** Bytes behind {@code characters} characters, where such a length exists. */
  static int decodedLength(int characters) {
    return characters * 6 / 8;
  }

  /** The six bits of a character; -1 = not of the alphabet. */
  static int value(byte character) {
    return VALUES[character & 255];
  }

  /** Whether a text has no other characters. */
  static boolean isAlphabet(byte[] text, int length) {
    int values = 0;
    for (int i = 0; i < length; i++) {
      values |= VALUES[text[i] & 255];
    }
    return values >= 0;
  }

  /**
   * Decodes a range.
   *
   * @param into has room for {@link #decodedLength} bytes from its start
   * @return how many bytes were written, or -1 where the text is not canonical base64
   */
  static int decode(byte[] text, int offset, int length, byte[] into) {
    if (length % 4 == 1) {
      return -1;
    }
    int written = 0;
    int bits = 0;
    int pending = 0;
    for (int i = offset; i < offset + length; i++) {
      int value = VALUES[text[i] & 255];
      if (value < 0) {
        return -1;
      }
      pending = pending << 6 | value;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        into[written++] = (byte) (pending >>> bits);
      }
      pending &= (1 << bits) - 1;
    }
    return pending == 0 ? written : -1;
  }

  /**
   * Encodes a range.
   *
   * @param into has room for {@link #encodedLength} characters from {@code at}
   * @return how many characters were written
   */
  static int encode(byte[] bytes, int offset, int length, byte[] into, int at) {
    int written = at;
    int bits = 0;
    int pending = 0;
    for (int i = offset; i < offset + length; i++) {
      pending = pending << 8 | (bytes[i] & 255);
      bits += 8;
      while (bits >= 6) {
        bits -= 6;
        into[written++] = ALPHABET[pending >>> bits & 63];
      }
      pending &= (1 << bits) - 1;
    }
    if (bits > 0) {
      into[written++] = ALPHABET[pending << (6 - bits) & 63];
    }
    return written - at;
  }

  /** The text of all bytes. */
  static String encode(byte[] bytes) {
    byte[] text = new byte[encodedLength(bytes.length)];
    encode(bytes, 0, bytes.length, text, 0);
    return new String(text, StandardCharsets.US_ASCII);
  }
}

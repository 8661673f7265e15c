package knockgate.rules.spa;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * HMAC (RFC 2104) with one key, used again and again by one thread. Written over {@link
 * MessageDigest} because {@code javax.crypto.Mac} allocates with every result, and forged messages
 * arrive at packet rate; a test holds the two against each other.
 *
 * <pre>
 *   H(key ^ 5c5c..  +  H(key ^ 3636..  +  text))      key: padded with 0 to the hash's block,
 *                                                     or hashed first where it is longer
 * </pre>
 */
final class Hmac {
  /** Blocks beside the text: both pads, and the inner hash. */
  private static final int BLOCKS_AROUND = 3;

  /** Bytes at least that end a text: a bit and the length of MD5 and its descendants. */
  private static final int PADDING = 9;

  private final HashKind kind;
  private final MessageDigest digest;
  private final byte[] innerPad;
  private final byte[] outerPad;
  private final byte[] inner;

  Hmac(HashKind kind, Secret key) {
    this.kind = kind;
    digest = kind.digest();
    byte[] bytes = key.bytes();
    byte[] padded =
        Arrays.copyOf(bytes.length > kind.block() ? digest.digest(bytes) : bytes, kind.block());
    innerPad = padded.clone();
    outerPad = padded;
    for (int i = 0; i < padded.length; i++) {
      innerPad[i] ^= 0x36;
      outerPad[i] ^= 0x5c;
    }
    inner = new byte[kind.length()];
    digest.update(innerPad);
  }

  /** The HMAC of a stanza's messages, ready for one thread; null = they have none. */
  static @Nullable Hmac of(MessageSeal seal) {
    HashKind kind = seal.hmac();
    Secret key = seal.hmacKey();
    return kind == null || key == null ? null : new Hmac(kind, key);
  }

  /** Characters that it takes at the end of a payload. */
  static int textLength(MessageSeal seal) {
    HashKind kind = seal.hmac();
    return kind == null ? 0 : kind.textLength();
  }

  /** Bytes of the result. */
  int length() {
    return inner.length;
  }

  /** About how long an HMAC of so many bytes takes, nanoseconds. */
  long costNs(int length) {
    int blocks = (length + PADDING + kind.block() - 1) / kind.block();
    return (long) (blocks + BLOCKS_AROUND) * kind.blockNs();
  }

  /** Adds text to the message. */
  void update(byte[] text, int offset, int length) {
    digest.update(text, offset, length);
  }

  /** Writes the HMAC of all text since the last call, and begins a new message. */
  void finish(byte[] into, int offset) {
    try {
      digest.digest(inner, 0, inner.length);
      digest.update(outerPad);
      digest.update(inner);
      digest.digest(into, offset, inner.length);
    } catch (DigestException e) {
      throw new IllegalStateException("the buffer is too short for the hash", e);
    }
    digest.update(innerPad);
  }

  /** Whether two ranges are equal, in a time that does not depend on where they differ. */
  static boolean equal(byte[] a, int offsetA, byte[] b, int offsetB, int length) {
    int difference = 0;
    for (int i = 0; i < length; i++) {
      difference |= a[offsetA + i] ^ b[offsetB + i];
    }
    return difference == 0;
  }
}

package knockgate.rules.spa;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Key material that never shows itself: {@link #toString} says how long it is and nothing else, so
 * a secret cannot slip into a log line, an error or a record's text.
 */
public final class Secret {
  private final byte[] bytes;

  private Secret(byte[] bytes) {
    if (bytes.length == 0) {
      throw new IllegalArgumentException("a secret must not be empty");
    }
    this.bytes = bytes;
  }

  /** The UTF-8 bytes of a text. */
  public static Secret ofText(String text) {
    return new Secret(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A copy of the bytes. */
  public static Secret ofBytes(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  /**
   * The bytes behind a base64 text, padded or not.
   *
   * @throws IllegalArgumentException with a sentence that does not repeat the text
   */
  public static Secret ofBase64(String text) {
    try {
      return new Secret(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      // The decoder's own message would quote a character of the secret: it is dropped on purpose.
      throw new IllegalArgumentException("a secret in base64 is empty or holds other characters");
    }
  }

  /**
   * What these bytes say in base64.
   *
   * @throws IllegalArgumentException as {@link #ofBase64}
   */
  public Secret fromBase64() {
    return ofBase64(new String(bytes, StandardCharsets.ISO_8859_1).strip());
  }

  /** How many bytes it has, 1 at least. */
  public int length() {
    return bytes.length;
  }

  /** The bytes themselves, for this package only: nobody writes into them. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * A copy of the bytes, for a library elsewhere that cannot do without; whoever asks must not show
   * them.
   */
  public byte[] copy() {
    return bytes.clone();
  }

  /** The first {@code most} bytes, or all where there are no more. */
  Secret cutTo(int most) {
    return bytes.length <= most ? this : new Secret(Arrays.copyOf(bytes, most));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
  }

  /** Of the length alone: a hash of the bytes would be a hint at them. */
  @Override
  public int hashCode() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return "secret of " + bytes.length + " bytes";
  }
}

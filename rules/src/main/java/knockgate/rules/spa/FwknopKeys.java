package knockgate.rules.spa;

import org.jspecify.annotations.Nullable;

/**
 * How the messages of a stanza in symmetric mode are sealed.
 *
 * @param mode the cipher's mode
 * @param key the user's key, 1 to {@link #MAX_KEY} bytes
 * @param hmac the kind of the HMAC; null = none is sent, and only the digest inside protects
 * @param hmacKey the key of the HMAC, 1 to {@link #MAX_HMAC_KEY} bytes; null = none
 */
public record FwknopKeys(
    CipherMode mode, Secret key, @Nullable HashKind hmac, @Nullable Secret hmacKey)
    implements MessageSeal {
  /** Longest key that the client takes. */
  public static final int MAX_KEY = 32;

  public FwknopKeys {
    if (key.length() > MAX_KEY) {
      throw new IllegalArgumentException("an fwknop key has at most " + MAX_KEY + " bytes");
    }
    if ((hmac == null) != (hmacKey == null)) {
      throw new IllegalArgumentException("an HMAC needs both its kind and its key");
    }
    if (hmacKey != null && hmacKey.length() > MAX_HMAC_KEY) {
      throw new IllegalArgumentException(
          "an fwknop HMAC key has at most " + MAX_HMAC_KEY + " bytes");
    }
    if (hmac == null && !mode.isSafeWithoutHmac()) {
      throw new IllegalArgumentException(
          "mode " + mode.word() + " needs an HMAC: without one a message can be altered");
    }
  }
}

package knockgate.rules.spa;

import java.util.Arrays;
import java.util.Locale;

/** How fwknop runs AES-256 (its manual: {@code --encryption-mode}). */
public enum CipherMode {
  CBC("AES/CBC/NoPadding", true),
  /** As CBC, but the user's key is cut or padded to 16 bytes first, as fwknop before 2.5 did. */
  LEGACY("AES/CBC/NoPadding", true),
  /** With 128 bits of feedback. */
  CFB("AES/CFB/NoPadding", false),
  OFB("AES/OFB/NoPadding", false),
  /** The counter is 128 bits, big-endian, and starts at the vector. */
  CTR("AES/CTR/NoPadding", false),
  ECB("AES/ECB/NoPadding", false);

  private static final int LEGACY_KEY = 16;

  private final String transformation;
  private final boolean safeWithoutHmac;

  CipherMode(String transformation, boolean safeWithoutHmac) {
    this.transformation = transformation;
    this.safeWithoutHmac = safeWithoutHmac;
  }

  /** The name as a policy writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name that the JDK knows. */
  String transformation() {
    return transformation;
  }

  /**
   * Whether the digest inside protects a message on its own. In a stream mode it does not: whoever
   * knows the plain text flips bits of it, digest included, and has a new message.
   */
  boolean isSafeWithoutHmac() {
    return safeWithoutHmac;
  }

  /** The key that goes into the derivation. */
  byte[] key(Secret user) {
    if (this != LEGACY) {
      return user.bytes();
    }
    byte[] key = new byte[LEGACY_KEY];
    Arrays.fill(key, (byte) '0');
    System.arraycopy(user.bytes(), 0, key, 0, Math.min(user.length(), LEGACY_KEY));
    return key;
  }
}

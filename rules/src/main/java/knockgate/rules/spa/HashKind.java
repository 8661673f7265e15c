package knockgate.rules.spa;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/** The hashes that an SPA dialect uses, as a digest and inside an HMAC. */
public enum HashKind {
  MD5("MD5", 16, 64),
  SHA1("SHA-1", 20, 64),
  SHA256("SHA-256", 32, 64),
  SHA384("SHA-384", 48, 128),
  SHA512("SHA-512", 64, 128),
  SHA3_256("SHA3-256", 32, 136),
  SHA3_512("SHA3-512", 64, 72);

  /** Most bytes of any hash here. */
  static final int MAX_LENGTH = 64;

  private final String algorithm;
  private final int length;
  private final int block;

  HashKind(String algorithm, int length, int block) {
    this.algorithm = algorithm;
    this.length = length;
    this.block = block;
  }

  /** The name as a policy writes it, such as {@code sha3-256}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Bytes of the hash. */
  int length() {
    return length;
  }

  /** Bytes of the block that an HMAC key is padded to (RFC 2104; for SHA-3 the rate, FIPS 202). */
  int block() {
    return block;
  }

  /** Characters of the hash in base64 without padding. */
  int textLength() {
    return Base64Text.encodedLength(length);
  }

  /** A digest of this kind; every JDK has all of them. */
  MessageDigest digest() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no " + algorithm, e);
    }
  }
}

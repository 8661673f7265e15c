package knockgate.rules.spa;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/** The hashes that an SPA dialect uses, as a digest and inside an HMAC. */
public enum HashKind {
  MD5("MD5", 16, 64, 100),
  SHA1("SHA-1", 20, 64, 50),
  SHA256("SHA-256", 32, 64, 60),
  SHA384("SHA-384", 48, 128, 200),
  SHA512("SHA-512", 64, 128, 200),
  SHA3_256("SHA3-256", 32, 136, 650),
  SHA3_512("SHA3-512", 64, 72, 650);

  /** Most bytes of any hash here. */
  static final int MAX_LENGTH = 64;

  private final String algorithm;
  private final int length;
  private final int block;
  private final int blockNs;

  HashKind(String algorithm, int length, int block, int blockNs) {
    this.algorithm = algorithm;
    this.length = length;
    this.block = block;
    this.blockNs = blockNs;
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

  /**
   * About how long the hash of one block takes, nanoseconds: measured on the machine of {@code
   * bench/README.md} with OpenJDK 17, rounded up. A processor without SHA instructions takes a
   * multiple of that for SHA-1 and SHA-256.
   */
  int blockNs() {
    return blockNs;
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

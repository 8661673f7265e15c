package knockgate.rules.spa;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The symmetric cipher of fwknop (specs, fwknop-spa.md, 3), which is that of {@code openssl enc -md
 * md5}. Owned by one thread. Runs only for messages whose HMAC was right, or that a stanza takes
 * without one.
 *
 * <pre>
 *   "Salted__" | salt, 8 bytes | AES-256 blocks, padded to 16 bytes in every mode (PKCS#7)
 *
 *   D1 = MD5(key + salt), Dn = MD5(Dn-1 + key + salt); AES key = D1 D2, vector = D3
 * </pre>
 */
final class SaltedCipher {
  static final int SALT = 8;
  static final int BLOCK = 16;

  /** Bytes before the first block. */
  static final int HEADER = 16;

  private static final byte[] MAGIC = "Salted__".getBytes(StandardCharsets.US_ASCII);

  private final MessageDigest md5 = HashKind.MD5.digest();
  private final Map<CipherMode, Cipher> ciphers = new EnumMap<>(CipherMode.class);

  /**
   * Decrypts.
   *
   * @param salted header and blocks
   * @param length bytes of it that count
   * @param plain has room for the blocks
   * @return bytes of plain text without padding, or -1 where this is no such text or the padding
   *     shows a wrong key
   */
  int decrypt(CipherMode mode, Secret key, byte[] salted, int length, byte[] plain) {
    int blocks = length - HEADER;
    if (blocks < BLOCK
        || blocks % BLOCK != 0
        || !Arrays.equals(salted, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return -1;
    }
    byte[] salt = Arrays.copyOfRange(salted, MAGIC.length, HEADER);
    try {
      Cipher cipher = start(Cipher.DECRYPT_MODE, mode, key, salt);
      cipher.doFinal(salted, HEADER, blocks, plain, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(mode + " refused whole blocks", e);
    }
    int padding = plain[blocks - 1] & 255;
    if (padding == 0 || padding > BLOCK) {
      return -1;
    }
    for (int i = blocks - padding; i < blocks; i++) {
      if (plain[i] != padding) {
        return -1;
      }
    }
    return blocks - padding;
  }

  /**
   * Encrypts.
   *
   * @param salt 8 bytes, random for every message
   */
  byte[] encrypt(CipherMode mode, Secret key, byte[] salt, byte[] plain) {
    int padding = BLOCK - plain.length % BLOCK;
    byte[] padded = Arrays.copyOf(plain, plain.length + padding);
    Arrays.fill(padded, plain.length, padded.length, (byte) padding);
    byte[] salted = Arrays.copyOf(MAGIC, HEADER + padded.length);
    System.arraycopy(salt, 0, salted, MAGIC.length, SALT);
    try {
      start(Cipher.ENCRYPT_MODE, mode, key, salt).doFinal(padded, 0, padded.length, salted, HEADER);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(mode + " refused whole blocks", e);
    }
    return salted;
  }

  private Cipher start(int direction, CipherMode mode, Secret secret, byte[] salt)
      throws GeneralSecurityException {
    Cipher cipher = ciphers.get(mode);
    if (cipher == null) {
      cipher = Cipher.getInstance(mode.transformation());
      ciphers.put(mode, cipher);
    }
    byte[] user = mode.key(secret);
    byte[] derived = new byte[48];
    for (int at = 0; at < derived.length; at += 16) {
      md5.update(derived, Math.max(0, at - 16), at == 0 ? 0 : 16);
      md5.update(user);
      md5.update(salt);
      md5.digest(derived, at, 16);
    }
    SecretKeySpec key = new SecretKeySpec(derived, 0, 32, "AES");
    if (mode == CipherMode.ECB) {
      cipher.init(direction, key);
    } else {
      cipher.init(direction, key, new IvParameterSpec(derived, 32, 16));
    }
    return cipher;
  }
}

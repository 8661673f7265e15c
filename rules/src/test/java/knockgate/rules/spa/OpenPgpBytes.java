package knockgate.rules.spa;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.SplittableRandom;

/**
 * OpenPGP messages as gpg writes them, as far as anybody sees without the key: a session-key packet
 * (RFC 4880, 5.1) in front of octets that mean nothing.
 */
public final class OpenPgpBytes {
  static final int RSA = 1;
  static final int ELGAMAL = 16;
  static final int ECDH = 18;

  private OpenPgpBytes() {}

  /**
   * A message.
   *
   * @param bits of each number that the algorithm has
   * @param wrapped octets of an ECDH session key
   */
  static byte[] message(int algorithm, int bits, int wrapped, SplittableRandom random) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(3);
    body.writeBytes(octets(random, 8));
    body.write(algorithm);
    for (int i = 0; i < (algorithm == ELGAMAL ? 2 : 1); i++) {
      body.write(bits >> 8);
      body.write(bits);
      body.writeBytes(octets(random, (bits + 7) / 8));
    }
    if (algorithm == ECDH) {
      body.write(wrapped);
      body.writeBytes(octets(random, wrapped));
    }
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    boolean isLong = body.size() > 255;
    message.write(isLong ? 0x85 : 0x84);
    if (isLong) {
      message.write(body.size() >> 8);
    }
    message.write(body.size());
    message.writeBytes(body.toByteArray());
    message.write(0xd2);
    message.writeBytes(octets(random, 120 + random.nextInt(100)));
    return message.toByteArray();
  }

  /** What an RSA key of 2048 bits makes of something. */
  public static byte[] rsa(long seed) {
    return message(RSA, 2048, 0, new SplittableRandom(seed));
  }

  /** As the client sends it. */
  public static byte[] packet(byte[] message, MessageSeal seal) {
    byte[] text = text(message).getBytes(US_ASCII);
    byte[] packet = new byte[text.length - 2 + Hmac.textLength(seal)];
    System.arraycopy(text, 2, packet, 0, text.length - 2);
    Hmac hmac = Hmac.of(seal);
    if (hmac != null) {
      byte[] mac = new byte[hmac.length()];
      hmac.update(text, 0, text.length);
      hmac.finish(mac, 0);
      Base64Text.encode(mac, 0, mac.length, packet, text.length - 2);
    }
    return packet;
  }

  /** In base64, whole. */
  static String text(byte[] message) {
    return Base64.getEncoder().withoutPadding().encodeToString(message);
  }

  private static byte[] octets(SplittableRandom random, int count) {
    byte[] octets = new byte[count];
    random.nextBytes(octets);
    return octets;
  }
}

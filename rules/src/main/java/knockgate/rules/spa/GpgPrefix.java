package knockgate.rules.spa;

/**
 * Finds the two characters that an fwknop client cut off in front of a GPG message. The real server
 * always puts {@code hQ} back, and so fails with all but large RSA and ElGamal keys
 * (mrash/fwknop#247). What was cut holds the first octet and half of the second one:
 *
 * <pre>
 *   octet 0: 0x85, a session-key packet with two octets of length     "hQ" as long as octet 1 < 16
 *            0x84, the same with one octet of length L                "hA" to "hP", by L / 16
 *   then:    3 | key id, 8 | algorithm | numbers                      RFC 4880, 4.2 and 5.1
 *
 *   RSA      number                     a number: its bits in two octets, then its octets
 *   ElGamal  number number
 *   ECDH     number, octets, octets     one octet says how many there are
 * </pre>
 *
 * The packet's content tells how long it is; so the characters follow from it, and no HMAC has to
 * be tried with each of the seventeen. Allocates nothing, for it runs on forged messages too.
 */
final class GpgPrefix {
  /** No session-key packet of an old-format OpenPGP message. */
  static final byte NONE = 0;

  private static final int CUT_BITS = 12;
  private static final int VERSION = 3;
  private static final int ALGORITHM_AT = 9;
  private static final int NUMBERS_AT = 10;

  private static final int RSA = 1;
  private static final int RSA_ENCRYPT = 2;
  private static final int ELGAMAL = 16;
  private static final int ECDH = 18;

  private GpgPrefix() {}

  /**
   * The second character that was cut off.
   *
   * @param text what is left, base64
   * @param length characters of it that count
   * @return or {@link #NONE}
   */
  static byte second(byte[] text, int length) {
    if (length < 1) {
      return NONE;
    }
    int half = Base64Text.value(text[0]) >> 2;
    int inTwo = packetLength(text, length, 3);
    if (inTwo >= 0 && inTwo == (half << 8 | octet(text, length, 2))) {
      return 'Q';
    }
    int inOne = packetLength(text, length, 2);
    return inOne >= 0 && inOne < 256 && (inOne & 15) == half ? (byte) ('A' + (inOne >> 4)) : NONE;
  }

  /** Octets of the session-key packet whose version stands at that octet; -1 = there is none. */
  private static int packetLength(byte[] text, int length, int at) {
    if (octet(text, length, at) != VERSION) {
      return -1;
    }
    int numbers = at + NUMBERS_AT;
    int end =
        switch (octet(text, length, at + ALGORITHM_AT)) {
          case RSA, RSA_ENCRYPT -> behindNumber(text, length, numbers);
          case ELGAMAL -> behindNumber(text, length, behindNumber(text, length, numbers));
          case ECDH -> behindOctets(text, length, behindNumber(text, length, numbers));
          default -> -1;
        };
    return end < 0 ? -1 : end - at;
  }

  private static int behindNumber(byte[] text, int length, int at) {
    int high = octet(text, length, at);
    int low = octet(text, length, at + 1);
    return high < 0 || low < 0 ? -1 : at + 2 + ((high << 8 | low) + 7) / 8;
  }

  private static int behindOctets(byte[] text, int length, int at) {
    int count = octet(text, length, at);
    return count < 0 ? -1 : at + 1 + count;
  }

  /** An octet of the whole message, from 2 on; -1 = not in the text. */
  private static int octet(byte[] text, int length, int at) {
    int bit = at * 8 - CUT_BITS;
    int character = bit / 6;
    if (at < 2 || character + 1 >= length) {
      return -1;
    }
    int high = Base64Text.value(text[character]);
    int low = Base64Text.value(text[character + 1]);
    return high < 0 || low < 0 ? -1 : (high << 6 | low) >> (4 - bit % 6) & 255;
  }
}

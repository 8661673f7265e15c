package knockgate.rules.spa;

/**
 * The outside of an fwknop message, in both modes: which characters a sender cut off, whether the
 * HMAC is right, and the bytes behind the text. Owned by one thread; allocates nothing.
 */
final class FwknopEnvelope {
  private final byte[] mac = new byte[HashKind.MAX_LENGTH];
  private final byte[] macText = new byte[Base64Text.encodedLength(HashKind.MAX_LENGTH)];
  private final byte[] gpgPrefix = {'h', GpgPrefix.NONE};
  private final byte[] text = new byte[FwknopWire.PREFIX.length + FwknopWire.MAX_PAYLOAD];
  private final byte[] decoded = new byte[Base64Text.decodedLength(text.length)];

  /** Whether a body has the form of what a stanza takes. */
  static boolean fits(MessageSeal seal, byte[] payload, int body) {
    return seal instanceof FwknopGpg
        ? GpgPrefix.second(payload, body) != GpgPrefix.NONE
        : FwknopWire.isWholeBlocks(body);
  }

  /** Compares text with text: so the HMAC too has one spelling only. */
  boolean isSealed(MessageSeal seal, Hmac hmac, byte[] payload, int body) {
    byte[] prefix = prefix(seal, payload, body);
    hmac.update(prefix, 0, prefix.length);
    hmac.update(payload, 0, body);
    hmac.finish(mac, 0);
    int length = Base64Text.encode(mac, 0, hmac.length(), macText, 0);
    return Hmac.equal(payload, body, macText, 0, length);
  }

  /** Decodes prefix and body into {@link #decoded}; its length, or -1 = not canonical base64. */
  int decode(MessageSeal seal, byte[] payload, int body) {
    byte[] prefix = prefix(seal, payload, body);
    System.arraycopy(prefix, 0, text, 0, prefix.length);
    System.arraycopy(payload, 0, text, prefix.length, body);
    return Base64Text.decode(text, 0, prefix.length + body, decoded);
  }

  /** What the last {@link #decode} found. */
  byte[] decoded() {
    return decoded;
  }

  private byte[] prefix(MessageSeal seal, byte[] payload, int body) {
    if (seal instanceof FwknopKeys) {
      return FwknopWire.PREFIX;
    }
    gpgPrefix[1] = GpgPrefix.second(payload, body);
    return gpgPrefix;
  }
}

package knockgate.gate.conformance;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The payload that opens or closes a door with secrets (README of the corpus, 21). */
final class SpaPayload {
  /** 64 digits and one byte that nobody looks at. */
  static final int LENGTH = 65;

  private SpaPayload() {}

  /** HMAC-SHA256 over the address and the minute, in lower-case hexadecimal digits. */
  static byte[] digits(byte[] secret, int source, long minute) {
    ByteBuffer message = ByteBuffer.allocate(8).putInt(source);
    message.order(ByteOrder.LITTLE_ENDIAN).putInt((int) minute);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      // RFC 2104 fills a short key up with zeroes, so one zero is the same key as none at all.
      mac.init(new SecretKeySpec(secret.length == 0 ? new byte[1] : secret, "HmacSHA256"));
      byte[] hash = mac.doFinal(message.array());
      return HexFormat.of().formatHex(hash).getBytes(StandardCharsets.US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

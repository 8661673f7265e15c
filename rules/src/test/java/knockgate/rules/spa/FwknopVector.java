package knockgate.rules.spa;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One recorded packet of a real fwknop client, with its keys and everything inside it. */
record FwknopVector(
    String id,
    String packet,
    FwknopKeys keys,
    FwknopMessage message,
    String plain,
    String digest,
    String salt) {
  static FwknopVector of(Map<String, @Nullable Object> vector) {
    Map<String, @Nullable Object> steps = VectorFile.object(vector, "steps");
    Map<String, @Nullable Object> decoded = VectorFile.object(vector, "decoded");
    String hmac = VectorFile.textOrNull(vector, "hmac_type");
    FwknopKeys keys =
        new FwknopKeys(
            mode(vector),
            Secret.ofBase64(VectorFile.text(vector, "key_base64")),
            hmac == null ? null : kind(hmac),
            hmac == null ? null : Secret.ofBase64(VectorFile.text(vector, "hmac_key_base64")));
    return new FwknopVector(
        VectorFile.text(vector, "id"),
        VectorFile.text(vector, "packet"),
        keys,
        message(decoded),
        VectorFile.text(steps, "plaintext"),
        VectorFile.text(decoded, "digest"),
        VectorFile.text(steps, "salt_hex"));
  }

  static CipherMode mode(Map<String, @Nullable Object> vector) {
    return CipherMode.valueOf(VectorFile.text(vector, "encryption_mode").toUpperCase(Locale.ROOT));
  }

  static FwknopMessage message(Map<String, @Nullable Object> decoded) {
    return new FwknopMessage(
        VectorFile.text(decoded, "rand"),
        VectorFile.text(decoded, "username"),
        VectorFile.number(decoded, "timestamp"),
        VectorFile.text(decoded, "version"),
        Objects.requireNonNull(FwknopType.of(VectorFile.text(decoded, "message_type"))),
        VectorFile.text(decoded, "message"),
        VectorFile.textOrNull(decoded, "nat_access"),
        VectorFile.textOrNull(decoded, "server_auth"),
        (int) VectorFile.number(decoded, "client_timeout"),
        kind(VectorFile.text(decoded, "digest_type")));
  }

  static HashKind kind(String name) {
    return HashKind.valueOf(name.toUpperCase(Locale.ROOT));
  }

  byte[] payload() {
    return packet.getBytes(US_ASCII);
  }

  byte[] saltBytes() {
    return HexFormat.of().parseHex(salt);
  }

  /** When it was made, milliseconds since 1970. */
  long epochMs() {
    return message.timestamp() * 1000;
  }

  @Override
  public String toString() {
    return id;
  }
}

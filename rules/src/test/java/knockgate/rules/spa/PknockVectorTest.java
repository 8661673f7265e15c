package knockgate.rules.spa;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped messages of xt_pknock's dialect, both ways. */
class PknockVectorTest {
  private static final String FORMAT = "xt_pknock";
  private static final String ALSO_ACCEPTED = "also_accepted_for_";
  private static final HexFormat HEX = HexFormat.of();

  static List<Map<String, @Nullable Object>> vectors() {
    return VectorFile.entries(FORMAT);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void ourMessageIsTheRecordedOne(Map<String, @Nullable Object> vector) {
    byte[] message =
        PknockSpa.message(
            Secret.ofText(VectorFile.text(vector, "secret")),
            source(vector).hi(),
            source(vector).lo(),
            VectorFile.number(vector, "unix_time"));
    assertThat(HEX.formatHex(message)).isEqualTo(VectorFile.text(vector, "udp_payload_hex"));
    assertThat(new String(message, US_ASCII).trim())
        .isEqualTo(VectorFile.text(vector, "payload_ascii"));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void whatIsHashedIsTheRecordedText(Map<String, @Nullable Object> vector) {
    byte[] text = new byte[PknockSpa.TEXT_V6];
    Prefix source = source(vector);
    int length =
        PknockSpa.text(source.hi(), source.lo(), VectorFile.number(vector, "epoch_minute"), text);
    assertThat(HEX.formatHex(text, 0, length)).isEqualTo(VectorFile.text(vector, "hmac_input_hex"));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void theRecordedMessageOpensInItsMinuteOnly(Map<String, @Nullable Object> vector) {
    byte[] payload = HEX.parseHex(VectorFile.text(vector, "udp_payload_hex"));
    assertThat(openAt(vector, payload, 0, 0)).isEqualTo(Reason.SPA_OPENED);
    assertThat(openAt(vector, payload, 0, 60_000)).isEqualTo(Reason.SPA_HMAC);
    assertThat(openAt(vector, payload, 0, -60_000)).isEqualTo(Reason.SPA_HMAC);
    assertThat(openAt(vector, payload, 1, 60_000)).isEqualTo(Reason.SPA_OPENED);
    assertThat(openAt(vector, payload, 1, -60_000)).isEqualTo(Reason.SPA_OPENED);
    assertThat(openAt(vector, payload, 1, 120_000)).isEqualTo(Reason.SPA_HMAC);
    assertThat(openAt(vector, payload, 1, -120_000)).isEqualTo(Reason.SPA_HMAC);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void theOtherByteOrderIsRefused(Map<String, @Nullable Object> vector) {
    String other =
        VectorFile.text(VectorFile.object(vector, "if_server_is_big_endian"), "payload_ascii");
    boolean palindrome = other.equals(VectorFile.text(vector, "payload_ascii")); // minute 0
    assertThat(openAt(vector, (other + "\n").getBytes(US_ASCII), 0, 0))
        .isEqualTo(palindrome ? Reason.SPA_OPENED : Reason.SPA_HMAC);
  }

  /** What is no message is known by its form; what is one, of another key, by its HMAC. */
  @Test
  void whatIsNoMessageOfTheFirstVectorIsRefused() {
    for (Map<String, @Nullable Object> file : VectorFile.of(FORMAT)) {
      Map<String, @Nullable Object> first = VectorFile.objects(file, "vectors").get(0);
      for (Map<String, @Nullable Object> negative : VectorFile.objects(file, "negative")) {
        byte[] payload = HEX.parseHex(VectorFile.text(negative, "payload_hex"));
        boolean hasForm = new String(payload, ISO_8859_1).matches("(?s)[0-9a-f]{64}.");
        assertThat(openAt(first, payload, 0, 0))
            .as(VectorFile.text(negative, "why"))
            .isEqualTo(hasForm ? Reason.SPA_HMAC : Reason.SPA_FORM);
      }
    }
  }

  @Test
  void theLastByteMayBeAnything() {
    for (Map<String, @Nullable Object> file : VectorFile.of(FORMAT)) {
      file.keySet().stream()
          .filter(key -> key.startsWith(ALSO_ACCEPTED))
          .forEach(key -> VectorFile.objects(file, key).forEach(each -> opens(file, key, each)));
    }
  }

  private static void opens(
      Map<String, @Nullable Object> file, String key, Map<String, @Nullable Object> other) {
    String id = key.substring(ALSO_ACCEPTED.length()).replace('_', '-');
    Map<String, @Nullable Object> vector =
        Stream.of(file, VectorFile.shipped(FORMAT))
            .flatMap(each -> VectorFile.objects(each, "vectors").stream())
            .filter(each -> VectorFile.text(each, "id").equals(id))
            .findFirst()
            .orElseThrow(() -> new AssertionError(key + ": there is no vector " + id));
    byte[] payload = HEX.parseHex(VectorFile.text(other, "payload_hex"));
    assertThat(openAt(vector, payload, 0, 0))
        .as(VectorFile.text(other, "why"))
        .isEqualTo(Reason.SPA_OPENED);
  }

  private static Reason openAt(
      Map<String, @Nullable Object> vector, byte[] payload, int tolerance, long laterMs) {
    return verifier(vector, tolerance, true)
        .open(payload, payload.length, hi(vector), lo(vector), at(vector) + laterMs);
  }

  private static PknockVerifier verifier(
      Map<String, @Nullable Object> vector, int tolerance, boolean last) {
    Secret secret = Secret.ofText(VectorFile.text(vector, "secret")).cutTo(PknockSpa.MAX_SECRET);
    return new PknockVerifier(new PknockSpa(secret, null, tolerance, last, false));
  }

  private static Prefix source(Map<String, @Nullable Object> vector) {
    return Prefix.parse(VectorFile.text(vector, "client_ip"));
  }

  private static long hi(Map<String, @Nullable Object> vector) {
    return source(vector).hi();
  }

  private static long lo(Map<String, @Nullable Object> vector) {
    return source(vector).lo();
  }

  private static long at(Map<String, @Nullable Object> vector) {
    return VectorFile.number(vector, "unix_time") * 1000;
  }
}

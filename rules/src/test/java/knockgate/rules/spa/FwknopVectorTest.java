package knockgate.rules.spa;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packets of the real fwknop client, symmetric mode: ours are the same, theirs are understood. */
class FwknopVectorTest {
  private static final Prefix SOURCE = Prefix.parse("198.51.100.7");

  static List<FwknopVector> vectors() {
    return VectorFile.entries("symmetric").stream()
        .filter(FwknopVectorTest::mayBeTaken)
        .map(FwknopVector::of)
        .toList();
  }

  /** Stream modes without an HMAC: no policy takes such keys. */
  private static boolean mayBeTaken(Map<String, @Nullable Object> vector) {
    return FwknopVector.mode(vector).isSafeWithoutHmac()
        || VectorFile.textOrNull(vector, "hmac_type") != null;
  }

  @Test
  void keysThatLetMessagesBeAlteredAreRefusedWithTheReason() {
    for (Map<String, @Nullable Object> vector : VectorFile.entries("symmetric")) {
      if (!mayBeTaken(vector)) {
        assertThatThrownBy(() -> FwknopVector.of(vector)).hasMessageContaining("needs an HMAC");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void ourPlainTextIsTheRecordedOne(FwknopVector vector) {
    assertThat(vector.message().text()).isEqualTo(vector.plain());
    assertThat(vector.message().text()).endsWith(":" + vector.digest());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void ourPacketIsTheRecordedOne(FwknopVector vector) {
    byte[] packet = FwknopWire.packet(vector.message(), vector.keys(), vector.saltBytes());
    assertThat(new String(packet, US_ASCII)).isEqualTo(vector.packet());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void theRecordedPacketIsUnderstoodFieldByField(FwknopVector vector) {
    FwknopVerifier verifier = verifier(vector);
    judge(verifier, vector);
    assertThat(verifier.message()).isEqualTo(vector.message());
    assertThat(verifier.clockDifferenceMs()).isZero();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void accessOpensAndAllElseIsRefusedWithItsReason(FwknopVector vector) {
    FwknopVerifier verifier = verifier(vector);
    Reason reason = judge(verifier, vector);
    assertThat(reason).isEqualTo(expected(vector.message()));
    if (reason == Reason.SPA_OPENED) {
      assertGrantIsAsAsked(vector.message(), verifier.request());
    }
  }

  private static void assertGrantIsAsAsked(FwknopMessage message, FwknopRequest request) {
    String[] parts = message.message().split(",", 2);
    String address = parts[0].equals("0.0.0.0") ? SOURCE.toString() : parts[0];
    assertThat(Prefix.address(request.addressHi(), request.addressLo())).isEqualTo(address);
    assertThat(request.ports().toString()).isEqualTo(List.of(parts[1].split(",")).toString());
    long seconds = request.timeout() == null ? 0 : request.timeout().toSeconds();
    assertThat(seconds).isEqualTo(Math.min(message.timeout(), 3600));
  }

  /** What the wide stanza of {@link Stanzas#open} makes of a message. */
  private static Reason expected(FwknopMessage message) {
    if (message.type() == FwknopType.COMMAND) {
      return Reason.SPA_COMMAND;
    }
    if (message.nat() != null) {
      return Reason.SPA_NAT;
    }
    boolean opens = message.message().matches("[0-9.]+(,(tcp|udp)/\\d+)+");
    return opens ? Reason.SPA_OPENED : Reason.SPA_PORT;
  }

  private static Reason judge(FwknopVerifier verifier, FwknopVector vector) {
    byte[] payload = vector.payload();
    return verifier.judge(
        payload, payload.length, SOURCE.hi(), SOURCE.lo(), 0, 0, vector.epochMs());
  }

  private static FwknopVerifier verifier(FwknopVector vector) {
    return new FwknopVerifier(List.of(Stanzas.open(vector.keys())), new ReplayWindow(64));
  }
}

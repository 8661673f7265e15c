package knockgate.rules.spa;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import knockgate.rules.Allocated;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded packets, damaged, disguised or made with other keys: none may open anything. */
class FwknopForgeryTest {
  private static final Prefix SOURCE = Prefix.parse("198.51.100.7");
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  static List<FwknopVector> vectors() {
    return FwknopVectorTest.vectors();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void cutAtAnyByteItIsRefused(FwknopVector vector) {
    FwknopVerifier verifier = verifier(vector.keys());
    for (int length = 0; length < vector.payload().length; length++) {
      assertRefused(verifier, Arrays.copyOf(vector.payload(), length), vector, "length " + length);
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void cutInFrontItIsRefused(FwknopVector vector) {
    FwknopVerifier verifier = verifier(vector.keys());
    for (int from = 1; from < vector.payload().length; from++) {
      byte[] cut = Arrays.copyOfRange(vector.payload(), from, vector.payload().length);
      assertRefused(verifier, cut, vector, "from " + from);
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void withAnyBitFlippedItIsRefused(FwknopVector vector) {
    FwknopVerifier verifier = verifier(vector.keys());
    for (int bit = 0; bit < vector.payload().length * 8; bit++) {
      byte[] flipped = vector.payload();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(verifier, flipped, vector, "bit " + bit);
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void anotherKeyOrAnotherHmacKeyIsRefused(FwknopVector vector) {
    FwknopKeys keys = vector.keys();
    Secret other = Secret.ofText("another");
    FwknopKeys otherKey = new FwknopKeys(keys.mode(), other, keys.hmac(), keys.hmacKey());
    assertRefused(verifier(otherKey), vector.payload(), vector, "key");
    for (HashKind kind : HashKind.values()) {
      FwknopKeys otherHmac = new FwknopKeys(keys.mode(), keys.key(), kind, other);
      assertRefused(verifier(otherHmac), vector.payload(), vector, "HMAC key, " + kind);
      Secret hmacKey = keys.hmacKey();
      if (hmacKey != null && kind != keys.hmac()) {
        FwknopKeys otherKind = new FwknopKeys(keys.mode(), keys.key(), kind, hmacKey);
        assertRefused(verifier(otherKind), vector.payload(), vector, "HMAC kind " + kind);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aMessageWithoutItsHmacIsRefusedWhereOneIsDemanded(FwknopVector vector) {
    int body = vector.payload().length - Hmac.textLength(vector.keys());
    byte[] naked = Arrays.copyOf(vector.payload(), body);
    FwknopKeys keys =
        new FwknopKeys(
            vector.keys().mode(), vector.keys().key(), HashKind.SHA256, Secret.ofText("hmac"));
    assertRefused(verifier(keys), naked, vector, "no HMAC");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void usedOnceItIsRefusedInEveryDisguise(FwknopVector vector) {
    FwknopVerifier verifier = verifier(vector.keys());
    judge(verifier, vector.payload(), vector);
    assertThat(verifier.message()).as("the first is authentic").isNotNull();
    assertRefused(verifier, vector.payload(), vector, "the same again");
    String packet = vector.packet();
    int body = packet.length() - Hmac.textLength(vector.keys());
    for (int end : new int[] {body, packet.length()}) {
      if (end == 0) {
        continue;
      }
      for (int i = 0; i < 64; i++) {
        // Of these 64 last characters, up to sixteen decode to the same bytes in a lax decoder.
        String disguised =
            packet.substring(0, end - 1) + ALPHABET.charAt(i) + packet.substring(end);
        assertRefused(verifier, disguised.getBytes(US_ASCII), vector, "last character " + i);
      }
      for (String added : List.of("=", "==", "\n", "\r\n", " ", "\0", "A", "AA", "AAAA")) {
        String disguised = packet.substring(0, end) + added + packet.substring(end);
        assertRefused(verifier, disguised.getBytes(US_ASCII), vector, "added " + added);
      }
    }
    for (String front : List.of("U2FsdGVkX1", "hQ", " ", "\n")) {
      assertRefused(verifier, (front + packet).getBytes(US_ASCII), vector, "in front " + front);
    }
    String urlSafe = packet.replace('+', '-').replace('/', '_');
    assertRefused(verifier, urlSafe.getBytes(US_ASCII), vector, "URL-safe alphabet");
  }

  @Test
  void randomTextOfEveryLengthIsRefused() {
    long seed = 99;
    SplittableRandom random = new SplittableRandom(seed);
    FwknopVerifier sealed = verifier(vectors().get(0).keys());
    FwknopVerifier naked = verifier(new FwknopKeys(CipherMode.CBC, Secret.ofText("k"), null, null));
    for (int length = 0; length < 1536; length++) {
      byte[] text = new byte[1536];
      for (int i = 0; i < text.length; i++) {
        text[i] = (byte) ALPHABET.charAt(random.nextInt(64));
      }
      assertThat(sealed.judge(text, length, 0, 0, 0, 0, 0))
          .as("seed %d", seed)
          .isNotEqualTo(Reason.SPA_OPENED);
      assertThat(naked.judge(text, length, 0, 0, 0, 0, 0))
          .as("seed %d", seed)
          .isNotEqualTo(Reason.SPA_OPENED);
    }
  }

  @Test
  void aForgedMessageCostsNoAllocation() {
    FwknopVector vector = vectors().get(0);
    FwknopVerifier verifier = verifier(sealedBy("x", vector));
    // of our own: whatever HMAC the vector has, this one is of the kind that is asked for
    byte[] payload = FwknopWire.packet(vector.message(), sealedBy("y", vector), vector.saltBytes());
    int rounds = 50_000;
    long bytes = Allocated.bytes(() -> forge(verifier, payload, rounds));
    // One byte for every message would be 50,000.
    assertThat(bytes).isLessThan(rounds / 10);
  }

  private static FwknopKeys sealedBy(String hmacKey, FwknopVector vector) {
    return new FwknopKeys(
        vector.keys().mode(), vector.keys().key(), HashKind.SHA256, Secret.ofText(hmacKey));
  }

  private static void forge(FwknopVerifier verifier, byte[] payload, int rounds) {
    for (int i = 0; i < rounds; i++) {
      Reason reason = verifier.judge(payload, payload.length, 1, 2, 3, 4, 1_795_332_556_000L);
      if (reason != Reason.SPA_HMAC) {
        throw new AssertionError(reason);
      }
    }
  }

  private static void assertRefused(
      FwknopVerifier verifier, byte[] payload, FwknopVector vector, String what) {
    assertThat(judge(verifier, payload, vector)).as(what).isNotEqualTo(Reason.SPA_OPENED);
    // Not even read: whatever else a stanza would have refused it for.
    FwknopMessage message = verifier.message();
    assertThat(message == null || verifierSaysReplay(verifier, payload, vector)).as(what).isTrue();
  }

  private static boolean verifierSaysReplay(
      FwknopVerifier verifier, byte[] payload, FwknopVector vector) {
    return judge(verifier, payload, vector) == Reason.SPA_REPLAY
        && Arrays.equals(payload, vector.payload());
  }

  private static Reason judge(FwknopVerifier verifier, byte[] payload, FwknopVector vector) {
    return verifier.judge(
        payload, payload.length, SOURCE.hi(), SOURCE.lo(), 0, 0, vector.epochMs());
  }

  private static FwknopVerifier verifier(FwknopKeys keys) {
    return new FwknopVerifier(List.of(Stanzas.open(keys)), new ReplayWindow(64));
  }
}

package knockgate.rules.spa;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HmacTest {
  /** RFC 2202 (cases 2) and RFC 4231 (cases 2), key "Jefe". */
  @ParameterizedTest
  @CsvSource({
    "MD5, 750c783e6ab0b503eaa86e310a5db738",
    "SHA1, effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    "SHA256, 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    "SHA384, af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
        + "8e2240ca5e69e2c78b3239ecfab21649",
    "SHA512, 164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
  })
  void agreesWithTheRfcs(HashKind kind, String expected) {
    byte[] text = "what do ya want for nothing?".getBytes(US_ASCII);
    Hmac hmac = new Hmac(kind, Secret.ofText("Jefe"));
    byte[] mac = new byte[hmac.length()];
    hmac.update(text, 0, text.length);
    hmac.finish(mac, 0);
    assertThat(HexFormat.of().formatHex(mac)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(HashKind.class)
  void agreesWithTheJdkForEveryKeyLength(HashKind kind) throws Exception {
    long seed = 20261122;
    SplittableRandom random = new SplittableRandom(seed);
    String name = "Hmac" + kind.digest().getAlgorithm().replaceFirst("^SHA-", "SHA");
    for (int keyLength = 1; keyLength <= 150; keyLength++) {
      byte[] key = bytes(random, keyLength);
      Mac jdk = Mac.getInstance(name);
      jdk.init(new SecretKeySpec(key, name));
      Hmac ours = new Hmac(kind, Secret.ofBytes(key));
      for (int round = 0; round < 3; round++) {
        byte[] text = bytes(random, random.nextInt(300));
        int split = random.nextInt(text.length + 1);
        byte[] mac = new byte[ours.length() + 2];
        ours.update(text, 0, split);
        ours.update(text, split, text.length - split);
        ours.finish(mac, 1);
        assertThat(HexFormat.of().formatHex(mac, 1, 1 + ours.length()))
            .as("seed %d, key of %d bytes, round %d", seed, keyLength, round)
            .isEqualTo(HexFormat.of().formatHex(jdk.doFinal(text)));
      }
    }
  }

  @Test
  void comparisonSeesEverySingleBit() {
    byte[] a = bytes(new SplittableRandom(1), 32);
    assertThat(Hmac.equal(a, 0, a.clone(), 0, a.length)).isTrue();
    for (int bit = 0; bit < a.length * 8; bit++) {
      byte[] b = a.clone();
      b[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(Hmac.equal(a, 0, b, 0, a.length)).as("bit %d", bit).isFalse();
    }
  }

  private static byte[] bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}

package knockgate.rules.spa;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GpgPrefixTest {
  @Test
  void whatGnupgsKeysCutOff() {
    Object[][] rows = {
      // algorithm, bits, octets of the wrapped session key, what the client cuts off
      {OpenPgpBytes.RSA, 1024, 0, "hI"},
      {OpenPgpBytes.RSA, 2048, 0, "hQ"},
      {OpenPgpBytes.RSA, 2047, 0, "hQ"},
      {OpenPgpBytes.RSA, 3072, 0, "hQ"},
      {OpenPgpBytes.RSA, 4096, 0, "hQ"},
      {OpenPgpBytes.ELGAMAL, 2048, 0, "hQ"},
      {OpenPgpBytes.ECDH, 263, 48, "hF"}, // cv25519
      {OpenPgpBytes.ECDH, 515, 48, "hH"}, // NIST P-256
      {OpenPgpBytes.ECDH, 771, 48, "hJ"}, // P-384
      {OpenPgpBytes.ECDH, 1059, 48, "hM"}, // P-521
    };
    for (Object[] row : rows) {
      SplittableRandom random = new SplittableRandom(5);
      byte[] message = OpenPgpBytes.message((int) row[0], (int) row[1], (int) row[2], random);
      String text = OpenPgpBytes.text(message);
      assertThat(text.substring(0, 2)).as("%s bits", row[1]).isEqualTo(row[3]);
      assertThat("h" + second(text)).as("%s bits", row[1]).isEqualTo(row[3]);
    }
  }

  @Test
  void whatWasCutOffIsFoundWhateverTheLength() {
    SplittableRandom seeds = new SplittableRandom(0x6b6e6f636bL);
    for (int round = 0; round < 20_000; round++) {
      long seed = seeds.nextLong();
      SplittableRandom random = new SplittableRandom(seed);
      int[] algorithms = {OpenPgpBytes.RSA, OpenPgpBytes.ELGAMAL, OpenPgpBytes.ECDH};
      int algorithm = algorithms[random.nextInt(3)];
      int bits = random.nextInt(200, algorithm == OpenPgpBytes.ECDH ? 1200 : 5000);
      byte[] message = OpenPgpBytes.message(algorithm, bits, random.nextInt(90), random);
      String text = OpenPgpBytes.text(message);
      assertThat("h" + second(text)).as("seed %d", seed).isEqualTo(text.substring(0, 2));
    }
  }

  @Test
  void otherTextsAreNoMessages() {
    SplittableRandom random = new SplittableRandom(7);
    String genuine = OpenPgpBytes.text(OpenPgpBytes.rsa(1));
    assertThat(second(genuine + "AAAA")).isEqualTo('Q');
    for (int length = 0; length < 18; length++) {
      String cut = genuine.substring(0, length + 2);
      assertThat(GpgPrefix.second(cut.substring(2).getBytes(US_ASCII), length)).isZero();
    }
    int taken = 0;
    for (int round = 0; round < 100_000; round++) {
      byte[] octets = new byte[300];
      random.nextBytes(octets);
      byte[] text = OpenPgpBytes.text(octets).getBytes(US_ASCII);
      taken += GpgPrefix.second(text, text.length) == GpgPrefix.NONE ? 0 : 1;
    }
    // 3 of 2^16 such packets have version and algorithm right, and a 16th of those the length
    assertThat(taken).isLessThan(10);
    byte[] noise = new byte[40];
    for (int round = 0; round < 100_000; round++) {
      random.nextBytes(noise);
      GpgPrefix.second(noise, random.nextInt(-3, noise.length + 1));
    }
  }

  private static char second(String text) {
    byte[] left = text.substring(2).getBytes(US_ASCII);
    return (char) GpgPrefix.second(left, left.length);
  }
}

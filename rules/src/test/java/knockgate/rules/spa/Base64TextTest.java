package knockgate.rules.spa;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class Base64TextTest {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  @Test
  void agreesWithTheJdkBothWays() {
    long seed = 4;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(100)];
      random.nextBytes(bytes);
      String text = Base64.getEncoder().withoutPadding().encodeToString(bytes);
      assertThat(Base64Text.encode(bytes)).as("seed %d, round %d", seed, i).isEqualTo(text);
      assertThat(decode(text)).as("seed %d, round %d", seed, i).isEqualTo(bytes);
      assertThat(Base64Text.encodedLength(bytes.length)).isEqualTo(text.length());
    }
  }

  @Test
  void unusedBitsMustBeZero() {
    // One byte leaves four bits of the second character unused, two bytes two bits of the third.
    for (int value = 0; value < 64; value++) {
      char last = ALPHABET.charAt(value);
      assertThat(decode("A" + last) != null).as("A%s", last).isEqualTo(value % 16 == 0);
      assertThat(decode("AA" + last) != null).as("AA%s", last).isEqualTo(value % 4 == 0);
      assertThat(decode("AAA" + last) != null).as("AAA%s", last).isTrue();
    }
  }

  @Test
  void everyOtherCharacterIsRefused() {
    for (int c = 0; c < 256; c++) {
      String text = "AB" + (char) c + "D";
      assertThat(decode(text) != null).as("byte %d", c).isEqualTo(ALPHABET.indexOf(c) >= 0);
    }
  }

  @Test
  void noLengthLeavesOneCharacterOver() {
    assertThat(decode("A")).isNull();
    assertThat(decode("AAAAA")).isNull();
    assertThat(decode("")).isEmpty();
  }

  /** Null where it is refused. */
  private static byte @Nullable [] decode(String text) {
    byte[] encoded = text.getBytes(ISO_8859_1);
    byte[] into = new byte[Base64Text.decodedLength(encoded.length)];
    int length = Base64Text.decode(encoded, 0, encoded.length, into);
    return length < 0 ? null : Arrays.copyOf(into, length);
  }
}

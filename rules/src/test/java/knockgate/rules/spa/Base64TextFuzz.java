package knockgate.rules.spa;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Base64;

/** What is decoded has one spelling, and is what the JDK decodes. */
class Base64TextFuzz {
  @FuzzTest
  void decodesTheOneSpellingOnly(byte[] text) {
    byte[] decoded = new byte[Base64Text.decodedLength(text.length)];
    int length = Base64Text.decode(text, 0, text.length, decoded);
    if (length < 0) {
      return;
    }
    byte[] bytes = Arrays.copyOf(decoded, length);
    boolean asTheJdk = Arrays.equals(bytes, Base64.getDecoder().decode(text));
    if (!asTheJdk || !Base64Text.encode(bytes).equals(new String(text, ISO_8859_1))) {
      throw new AssertionError(new String(text, ISO_8859_1));
    }
  }
}

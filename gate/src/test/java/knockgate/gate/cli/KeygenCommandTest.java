package knockgate.gate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import knockgate.gate.policy.PolicyLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeygenCommandTest {
  @TempDir Path folder;
  private final Client client = new Client();

  @Test
  void fwknopsTwoKeysAreAsLongAsItsOwn() {
    assertThat(client.run("keygen")).isZero();
    assertThat(bytes("KEY_BASE64 +(\\S+)")).hasSize(32);
    assertThat(bytes("HMAC_KEY_BASE64 +(\\S+)")).hasSize(64);
    assertThat(bytes("\nkey-base64 += \"(\\S+)\"")).isEqualTo(bytes("\nKEY_BASE64 +(\\S+)"));
    assertThat(bytes("hmac-key-base64 += \"(\\S+)\"")).isEqualTo(bytes("HMAC_KEY_BASE64 +(\\S+)"));
  }

  private byte[] bytes(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(client.out());
    assertThat(matcher.find()).as(client.out()).isTrue();
    return Base64.getDecoder().decode(matcher.group(1));
  }

  @Test
  void aPolicyTakesWhatIsPrinted() throws IOException {
    client.run("keygen", "pknock");
    policy("spa { dialect = pknock, port = 4002\n" + client.out() + "}");
    client.run("keygen", "rotating");
    policy("rotating { range = \"tcp/20000-29999\"\n" + client.out() + "}");
    client.run("keygen");
    String lines = client.out().replaceAll("(?s)# in the stanza of .fwknoprc.*", "");
    policy("spa { dialect = fwknop, stanzas { alice {\n" + lines + "} } }");
  }

  private void policy(String trigger) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("p.conf"),
            "doors { d { protects = [ \"tcp/22\" ], autoclose = 1m\n" + trigger + "} }\n");
    assertThat(PolicyLoader.load(file).doors()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"pknock, 22", "rotating, 43"})
  void aFileHoldsOneSecretThatOnlyItsOwnerReads(String kind, int length) throws IOException {
    Path file = folder.resolve("secret");
    assertThat(client.run("keygen", kind, "-o", file.toString())).isZero();
    assertThat(client.out()).isEmpty();
    assertThat(Files.readString(file)).matches("[\\w-]{" + length + "}\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void noTwoAreAlike() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      client.run("keygen", "rotating");
      assertThat(seen.add(client.out())).isTrue();
    }
  }
}

package knockgate.gate.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import knockgate.rules.policy.Spa;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void aFileIsReadWithoutItsLastLinesEnd() throws IOException {
    String[][] rows = {
      {"foo", "foo"},
      {"foo\n", "foo"},
      {"foo\r\n", "foo"},
      {"foo\n\n", "foo\n"},
      {" foo ", " foo "},
    };
    for (String[] row : rows) {
      Path file = write("secret", row[0], "rw-------");
      assertThat(files().apply("secret")).isEqualTo(Secret.ofText(row[1]));
      assertThat(files().apply(file.toString())).isEqualTo(Secret.ofText(row[1]));
    }
  }

  @Test
  void aFileThatOthersMayReadOrChangeIsRefused() throws IOException {
    String[][] rows = {
      {"rw-------", "taken"},
      {"r--------", "taken"},
      {"rw-r-----", "taken"},
      {"rw-rw----", "refused"},
      {"rw-r--r--", "refused"},
      {"rw-----w-", "refused"},
      {"rw------x", "refused"},
    };
    for (String[] row : rows) {
      write("secret", "foo", row[0]);
      if (row[1].equals("taken")) {
        assertThat(files().apply("secret")).as(row[0]).isEqualTo(Secret.ofText("foo"));
      } else {
        assertThatThrownBy(() -> files().apply("secret"))
            .as(row[0])
            .hasMessage(
                "others may read or change "
                    + folder.resolve("secret")
                    + " ("
                    + row[0]
                    + "); chmod 600 it");
      }
    }
  }

  @Test
  void aFileThatIsNoSecretIsRefused() throws IOException {
    assertThatThrownBy(() -> files().apply("none"))
        .hasMessage("there is no file " + folder.resolve("none"));
    write("empty", "\n", "rw-------");
    assertThatThrownBy(() -> files().apply("empty")).hasMessage("a secret must not be empty");
    write("large", "x".repeat(65_537), "rw-------");
    assertThatThrownBy(() -> files().apply("large"))
        .hasMessage("large cannot be read: it is larger than 64 kB");
    assertThatThrownBy(() -> files().apply("a\0b")).hasMessage("this is no name of a file");
  }

  @Test
  void aPolicyNamesItsSecretsFromItsOwnFolder() throws Exception {
    write("open.txt", "foo\n", "rw-------");
    Path policy =
        Files.writeString(
            folder.resolve("policy.conf"),
            "doors.d { protects = [ tcp/22 ], spa { dialect = pknock, port = 4002\n"
                + " open-secret-file = open.txt } }");
    assertThat(PolicyLoader.read(policy).doors().get(0).trigger())
        .isEqualTo(new Spa(4002, new PknockSpa(Secret.ofText("foo"), null, 1, false, false)));
    write("open.txt", "foo\n", "rw-r--r--");
    assertThatThrownBy(() -> PolicyLoader.read(policy))
        .hasMessage(
            policy
                + ":2: doors.d.spa.open-secret-file: others may read or change "
                + folder.resolve("open.txt")
                + " (rw-r--r--); chmod 600 it");
  }

  private SecretFiles files() {
    return new SecretFiles(folder);
  }

  private Path write(String name, String text, String permissions) throws IOException {
    Path file = folder.resolve(name);
    Files.deleteIfExists(file);
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}

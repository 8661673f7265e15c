package knockgate.gate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import knockgate.gate.fault.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class CheckCommandTest {
  private static final String DOOR = "doors.d { protects = [ tcp/22 ], knock = [ 7000, 8000 ] }\n";

  @TempDir private Path folder = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int check(String policy, String... options) throws IOException {
    Path file = Files.writeString(folder.resolve("k.conf"), policy);
    List<String> args = new ArrayList<>(List.of("check", "-c", file.toString()));
    args.addAll(List.of(options));
    return Root.commandLine(new PrintWriter(out, true), new PrintWriter(err, true), false)
        .execute(args.toArray(new String[0]));
  }

  /** Every scalar of the one JSON line, as path-less text in order. */
  private List<String> json() {
    List<String> tokens = new ArrayList<>();
    try (JsonParser parser =
        new JsonFactory().createParser(ObjectReadContext.empty(), out.toString())) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.PROPERTY_NAME) {
          tokens.add(parser.currentName() + ":");
        } else if (token.isScalarValue()) {
          tokens.add(parser.getString().replace(folder + "/", ""));
        }
      }
    }
    return tokens;
  }

  @Test
  void aSecretThatEveryUserMayReadIsWarnedOf() throws IOException {
    String spa =
        "doors.d { protects = [ tcp/22 ],"
            + " spa { dialect = pknock, port = 4002, open-secret = \"correct horse battery\" } }\n";
    check(spa);
    Path file = folder.resolve("k.conf");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    out.getBuffer().setLength(0);
    assertThat(check(spa)).isEqualTo(ExitCode.OK.number());
    assertThat(out.toString()).doesNotContain("every user").doesNotContain("correct horse");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(check(spa)).isEqualTo(ExitCode.OK.number());
    assertThat(unwrapped())
        .contains(
            "Warning: doors.d.spa.open-secret: every user of this machine may read it: chmod 640")
        .doesNotContain("correct horse");
  }

  private String unwrapped() {
    return out.toString().replaceAll("\\s+", " ");
  }

  @Test
  void aRightPolicyIsSaidInWordsWithItsWarnings() throws IOException {
    assertThat(check(DOOR)).isEqualTo(ExitCode.OK.number());
    assertThat(out.toString())
        .startsWith(folder.resolve("k.conf") + " is right: 1 door, 1 warning.")
        .contains("Mode enforce: ")
        .contains("Door d: protects tcp/22.")
        .contains("Room for 65536 attempts")
        .contains("Warning: rescue: nobody gets in should knocking fail;");
    assertThat(out.toString().lines())
        .allMatch(line -> line.length() < 80 || line.contains("k.conf"));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aWrongPolicyIsAllItsMistakesAndAnExitCode() throws IOException {
    assertThat(check("mode = maybe\n" + DOOR + "queue.number = -1"))
        .isEqualTo(ExitCode.POLICY.number());
    String file = folder.resolve("k.conf").toString();
    assertThat(err.toString().lines())
        .containsExactly(
            "knockgate: 2 mistakes in the policy",
            file + ":1: mode: \"maybe\" is unknown; write enforce or observe",
            file + ":3: queue.number: -1 is out of bounds; write 0 to 65535");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theSameForPrograms() throws IOException {
    assertThat(check(DOOR, "--json")).isEqualTo(ExitCode.OK.number());
    assertThat(json())
        .containsSequence("file:", "k.conf", "usable:", "true", "doors:", "name:", "d")
        .containsSequence("protects:", "tcp/22", "text:")
        .containsSequence("warnings:", "path:", "rescue", "sentence:");
    assertThat(out.toString().lines()).hasSize(1);
  }

  @Test
  void mistakesForPrograms() throws IOException {
    assertThat(check("\nmode = maybe", "--json")).isEqualTo(ExitCode.POLICY.number());
    assertThat(json())
        .containsExactly(
            "file:",
            "k.conf",
            "usable:",
            "false",
            "problems:",
            "file:",
            "k.conf",
            "line:",
            "2",
            "path:",
            "mode",
            "sentence:",
            "\"maybe\" is unknown; write enforce or observe");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aPolicyThatIsNotThereIsTheSameKindOfWrong() {
    int code =
        Root.commandLine(new PrintWriter(out, true), new PrintWriter(err, true), false)
            .execute("check", "-c", folder.resolve("none.conf").toString());
    assertThat(code).isEqualTo(ExitCode.POLICY.number());
    assertThat(err.toString()).contains("none.conf: there is no such file");
  }
}

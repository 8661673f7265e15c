package knockgate.gate.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyProblem;
import knockgate.rules.policy.Door;
import knockgate.rules.words.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyLoaderTest {
  private static final String DOOR = " { protects = [ tcp/22 ], knock = [ 7000 ] }\n";

  @TempDir private Path temporary = Path.of("");

  private Path folder = Path.of("");
  private Path main = Path.of("");

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temporary.resolve("policy"));
    main = folder.resolve("main.conf");
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** What is wrong, with the folder's name taken out. */
  private List<String> problems() {
    try {
      PolicyLoader.read(main);
      return fail("no mistake was found");
    } catch (PolicyException e) {
      return e.problems().stream()
          .map(PolicyProblem::toString)
          .map(line -> line.replace(folder + "/", ""))
          .toList();
    }
  }

  @Test
  void aPolicyIsReadFromItsFile() throws Exception {
    write("main.conf", "unmatched = drop\ndoors.é" + DOOR);
    assertThat(PolicyLoader.read(main).unmatched()).isEqualTo(Verdict.DROP);
    assertThat(PolicyLoader.load(main).doors()).extracting(Door::name).containsExactly("é");
  }

  @Test
  void whatIsNestedTooDeeplyIsAMistakeAndNotTheEndOfAThread() throws IOException {
    for (String nest : List.of("a{", "a=[", "a.")) {
      write("main.conf", "x=1\n" + nest.repeat(300_000));
      assertThat(problems()).as(nest).hasSize(1);
    }
    write("main.conf", "a{".repeat(300_000));
    assertThat(problems()).containsExactly("main.conf: it is nested too deeply to be read");
  }

  @Test
  void doorsOfIncludedFilesStandWhereTheyAreIncluded() throws Exception {
    write(
        "main.conf",
        "doors.m1"
            + DOOR
            + "include \"a.conf\"\ndoors { m2"
            + DOOR
            + " include required(file(\"parts/b.conf\"))\n m3"
            + DOOR
            + "}\nmode = observe");
    write("a.conf", "mode = enforce\ndoors { a2" + DOOR + " a1" + DOOR + "}");
    write("parts/b.conf", "b1" + DOOR + "include \"../c.conf\"\nb2" + DOOR);
    write("c.conf", "c1 = ${base}\nbase" + DOOR);
    assertThat(PolicyLoader.read(main).doors())
        .extracting(Door::name)
        .containsExactly("m1", "a2", "a1", "m2", "b1", "c1", "base", "b2", "m3");
    assertThat(PolicyLoader.read(main).observe()).isTrue();
  }

  @Test
  void theSameDoorInTwoFilesIsRefused() throws Exception {
    write("main.conf", "\ninclude \"a.conf\"\ndoors.a" + DOOR);
    write("a.conf", "doors.a" + DOOR);
    assertThat(problems())
        .containsExactly(
            "main.conf:3: doors.a: another door has this name, at a.conf:1; give each its own, or"
                + " HOCON makes one door of both");
  }

  @Test
  void mistakesOfEveryFileAreToldTogether() throws Exception {
    write("main.conf", "include \"a.conf\"\n\nmode = maybe\ninclude \"none.conf\"\n");
    write("a.conf", "# a\ndoors.a { protects = [ tcp/0 ], knock = [ 7000 ] }");
    assertThat(problems())
        .containsExactly(
            "main.conf:4: include: there is no such file",
            "a.conf:2: doors.a.protects[0]: there is no port 0; write 1 to 65535",
            "main.conf:3: mode: \"maybe\" is unknown; write enforce or observe");
  }

  @Test
  void syntaxErrorsOfIncludedFilesNameTheirOwnLine() throws Exception {
    write("main.conf", "mode = observe\ninclude \"a.conf\"\n");
    write("a.conf", "doors {\n a {\n");
    assertThat(problems()).singleElement().asString().startsWith("a.conf:3: ");
  }

  @Test
  void includesFromElsewhereAreRefused() throws Exception {
    Path outside = Files.writeString(temporary.resolve("outside.conf"), "mode = observe");
    write("sub/ok.conf", "unmatched = drop");
    String[] outsiders = {
      "\"../outside.conf\"",
      "\"" + outside + "\"",
      "file(\"" + outside + "\")",
      "required(file(\"../outside.conf\"))",
      "\"sub/../../outside.conf\"",
    };
    for (String outsider : outsiders) {
      write("main.conf", "\n\n include " + outsider);
      assertThat(problems())
          .as(outsider)
          .containsExactly(
              "main.conf:3: include: it is outside the policy's folder; copy the file beside the"
                  + " policy");
    }
    write("main.conf", "include url(\"file://" + outside + "\")");
    assertThat(problems())
        .containsExactly(
            "main.conf:1: include: a URL is not read; copy the file beside the policy");
    write("main.conf", "include classpath(\"reference.conf\")");
    assertThat(problems())
        .containsExactly(
            "main.conf:1: include: the class path is not read; copy the file beside the policy");
    write("main.conf", "include \"http://192.0.2.1/x.conf\"");
    assertThat(problems()).containsExactly("main.conf:1: include: there is no such file");
    write("main.conf", "include \"sub/ok.conf\"");
    assertThat(PolicyLoader.read(main).unmatched()).isEqualTo(Verdict.DROP);
  }

  @Test
  void circlesOfIncludesEnd() throws Exception {
    write("main.conf", "include \"a.conf\"\ninclude \"a.conf\"");
    write("a.conf", "\ninclude \"main.conf\"\ninclude \"sub/../a.conf\"");
    String sentence = "the file is included already; each is read once";
    assertThat(problems())
        .containsExactly(
            "a.conf:2: include: " + sentence,
            "a.conf:3: include: " + sentence,
            "main.conf:2: include: " + sentence);
  }

  @Test
  void unreadableFilesAreToldWithTheReason() throws Exception {
    assertThat(problems()).containsExactly("main.conf: there is no such file");
    Files.write(main, "mode = \"é\"".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(problems()).containsExactly("main.conf: the file is not UTF-8 text");
    Files.write(main, new byte[(4 << 20) + 1]);
    assertThat(problems())
        .containsExactly("main.conf: the file cannot be read: it is larger than 4 MB");
    Files.delete(main);
    Files.createDirectory(main);
    assertThat(problems()).containsExactly("main.conf: the file cannot be read: Is a directory");
  }

  @Test
  void aCommandFailsWithEveryMistake() throws Exception {
    write("main.conf", "mode = maybe");
    assertThatThrownBy(() -> PolicyLoader.load(main))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.POLICY))
        .hasMessage(main + ":1: mode: \"maybe\" is unknown; write enforce or observe");
    write("main.conf", "mode = maybe\nunmatched = 1");
    assertThatThrownBy(() -> PolicyLoader.load(main))
        .hasMessageStartingWith("2 mistakes in the policy\n" + main + ":1: mode: ");
  }

  @Test
  void systemPropertiesDoNotReachThePolicy() throws Exception {
    write("main.conf", "unmatched = ${?user.dir}\nmode = ${?PATH}");
    assertThat(PolicyLoader.read(main).unmatched()).isEqualTo(Verdict.ACCEPT);
  }
}

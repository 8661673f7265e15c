package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import knockgate.gate.cli.Paper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Manual pages and completions, as the tools take them that they are for. */
class PaperIT {
  private static final Path SCRIPTS = Path.of("src/test/resources/knockgate/gate/e2e");

  @TempDir private static Path folder;

  @BeforeAll
  static void write() throws IOException {
    Paper.main(new String[] {"src/main/man", folder.toString()});
    Run.of(
            "asciidoctor",
            "--backend=manpage",
            "--failure-level=WARN",
            "--attribute=generated=" + folder,
            folder + "/*.adoc")
        .ok();
  }

  @Test
  void manReadsEveryPageWithoutAWarningAndFindsItsName() throws IOException {
    List<Path> pages = pages();
    assertThat(pages).hasSizeGreaterThan(10);
    for (Path page : pages) {
      String name = page.getFileName().toString().replaceFirst("\\.[1-8]$", "");
      assertThat(Run.of("lexgrog", page.toString()).ok().out()).contains(": \"" + name + " - ");
      Run shown = Run.of("sh", "-c", "LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings=w -l " + page);
      assertThat(shown.ok().out())
          .as(page.toString())
          .contains("NAME", "SEE ALSO")
          .doesNotContain("warning:", "pass:c", "include::", "::\n", "....");
    }
  }

  @Test
  void examplesKeepTheirColumns() {
    assertThat(manual("knockgate-rules.1"))
        .containsPattern(" {7,}knockgate rules --apply {3,}put it in place, both families\\R");
  }

  @ParameterizedTest
  @CsvSource({
    "'knockgate ', check rules knock import",
    "'knockgate ru', run rules",
    "'knockgate rules --', --apply --remove --layout --iptables",
    "'knockgate rules --layout ', mark direct",
    "'knockgate observe ', on off",
    "'knockgate import ', pknock",
    "'knockgate import pknock --policy ', ACCEPT DROP",
    "'knockgate check -c src/main/m', man"
  })
  void bashAndZshCompleteIt(String line, String expected) throws IOException {
    List<String> words = List.of(expected.split(" ", -1));
    List<String> command =
        Stream.concat(
                Stream.of("bash", SCRIPTS.resolve("complete.bash").toString(), folder.toString()),
                Stream.of(line.split(" ", -1)))
            .toList();
    Run bash = Run.of(command.toArray(new String[0])).ok();
    assertThat(bash.out().lines().map(word -> word.replaceFirst(".*/", ""))).containsAll(words);

    String zshLine = line.replace("--layout ", "--layout=").replace("--policy ", "--policy=");
    Run zsh =
        Run.of("zsh", "-f", SCRIPTS.resolve("complete.zsh").toString(), folder.toString(), zshLine);
    assertThat(zsh.ok().out().lines()).containsAll(words);
  }

  private static String manual(String page) {
    return Run.of("sh", "-c", "MANWIDTH=100 man -l " + folder.resolve(page)).ok().out();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().matches(".*\\.[1-8]")).sorted().toList();
    }
  }
}

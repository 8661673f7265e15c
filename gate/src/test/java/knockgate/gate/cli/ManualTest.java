package knockgate.gate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import knockgate.gate.Counter;
import knockgate.gate.fault.ExitCode;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

/** The manual tells of all there is, and of nothing that is not. */
class ManualTest {
  private static final Path HAND_WRITTEN = Path.of("src/main/man");

  private final SortedMap<String, String> files = Paper.files();
  private final CommandSpec root =
      Root.commandLine(
              new PrintWriter(Writer.nullWriter(), false),
              new PrintWriter(Writer.nullWriter(), false),
              false)
          .getCommandSpec();

  @Test
  void everyCommandHasAPageWithEveryOptionOfIt() {
    List<CommandSpec> commands = Paper.below(root);
    assertThat(commands).hasSizeGreaterThan(Subcommand.values().length);
    for (CommandSpec command : commands) {
      String name = command.qualifiedName("-");
      assertThat(files).containsKey(name + ".1.adoc");
      String page = files.get(name + ".1.adoc");
      assertThat(page).startsWith("= " + name + "(1)\n").contains("\n" + name + " - ");
      for (var option : command.options()) {
        assertThat(page)
            .as(name)
            .contains(Stream.of(option.names()).map(word -> "*pass:c[" + word + "]*").toList());
      }
      for (var parameter : command.positionalParameters()) {
        assertThat(page).as(name).contains("_pass:c[" + parameter.paramLabel());
      }
    }
  }

  @Test
  void theOverviewListsEveryCommandExitCodeCounterAndReason() throws IOException {
    String overview = Files.readString(HAND_WRITTEN.resolve("knockgate.8.adoc"));
    assertThat(overview)
        .contains("include::{generated}/commands.part[]")
        .contains("include::{generated}/exit-codes.part[]")
        .contains("include::{generated}/counters.part[]")
        .contains("include::{generated}/reasons.part[]");
    assertThat(files.get("commands.part"))
        .contains(Stream.of(Subcommand.values()).map(c -> "knockgate-" + c.word() + "]").toList());
    assertThat(files.get("exit-codes.part"))
        .contains(Stream.of(ExitCode.values()).map(ExitCode::meaning).toList());
    assertThat(files.get("counters.part"))
        .contains(Stream.of(Counter.values()).map(c -> "*" + c.word() + "*::").toList());
    assertThat(files.get("reasons.part"))
        .contains(Stream.of(Reason.values()).map(Reason::sentence).toList());
  }

  @Test
  void everyKeyOfAPolicyIsInItsSection() throws IOException {
    String page = Files.readString(HAND_WRITTEN.resolve("knockgate.conf.5.adoc"));
    SortedMap<String, List<String>> keys = PolicyKeys.all();
    assertThat(keys)
        .containsKeys("", "queue", "limits", "defaults", "doors.d", "doors.d.covers")
        .containsKeys("doors.d.rotating", "doors.d.spa", "doors.d.spa.stanzas.s");
    keys.forEach(
        (block, there) -> {
          String section = section(page, block);
          assertThat(there)
              .as("keys of block \"%s\" that have no entry in knockgate.conf.5.adoc", block)
              .allMatch(key -> section.contains("*" + key + "*"));
        });
  }

  @Test
  void noKeyIsInTheManualThatNoPolicyCanHave() throws IOException {
    String page = Files.readString(HAND_WRITTEN.resolve("knockgate.conf.5.adoc"));
    List<String> known = PolicyKeys.all().values().stream().flatMap(List::stream).toList();
    Matcher entry = Pattern.compile("(?m)^\\*([a-z0-9-]+)\\* (?:=|\\{)").matcher(page);
    List<String> told = entry.results().map(found -> found.group(1)).toList();
    assertThat(told).hasSizeGreaterThan(40).isSubsetOf(known);
  }

  @Test
  void noSectionTellsOfAKeyTwice() throws IOException {
    String page = Files.readString(HAND_WRITTEN.resolve("knockgate.conf.5.adoc"));
    for (String section : page.split("\n==+ ", -1)) {
      Matcher entry = Pattern.compile("(?m)^\\*([a-z0-9-]+)\\* (?:=|\\{)").matcher(section);
      assertThat(entry.results().map(found -> found.group(1)).toList())
          .as(section.lines().findFirst().orElse(""))
          .doesNotHaveDuplicates();
    }
  }

  /** The section of a block: those below doors share one. */
  private static String section(String page, String block) {
    String word = block.isEmpty() ? "the policy" : block.replaceFirst("\\..*", "");
    String title =
        word.equals("doors") || word.equals("defaults") ? "Keys of a door" : "Keys of " + word;
    int begin = page.indexOf("\n== " + title + "\n");
    assertThat(begin).as("section \"%s\"", title).isPositive();
    int end = page.indexOf("\n== ", begin + 1);
    return page.substring(begin, end);
  }

  @Test
  void nothingInACommandsOwnWordsIsTakenForMarkup() {
    assertThat(CommandPage.literally("[--x] *all* <y> {z}"))
        .isEqualTo("pass:c[[--x\\] *all* <y> {z}]");
    assertThat(files.values()).noneMatch(text -> text.contains("@|") || text.contains("%n"));
  }

  @Test
  void theOverviewNamesOnlyPagesThatThereAre() throws IOException {
    Pattern reference = Pattern.compile("\\*(knockgate[a-z.-]*)\\*\\((\\d)\\)");
    try (Stream<Path> pages = Files.list(HAND_WRITTEN)) {
      for (Path page : pages.toList()) {
        for (var found : reference.matcher(Files.readString(page)).results().toList()) {
          String name = found.group(1) + "." + found.group(2) + ".adoc";
          assertThat(files.containsKey(name) || Files.exists(HAND_WRITTEN.resolve(name)))
              .as("%s refers to %s", page.getFileName(), name)
              .isTrue();
        }
      }
    }
  }
}

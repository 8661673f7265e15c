package knockgate.gate.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import knockgate.gate.Counter;
import knockgate.rules.words.Reason;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What is written about the program by the program itself: a manual page for each command, the
 * lists that the pages written by hand include, and completions. The packaging builds run it; tests
 * look at the same text.
 */
public final class Paper {
  private Paper() {}

  /**
   * Writes all of it, and puts the pages written by hand beside it.
   *
   * @param args the folder of the pages written by hand; the folder to write to
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[1]));
    for (var file : files().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    try (Stream<Path> pages = Files.list(Path.of(args[0]))) {
      for (Path page : pages.toList()) {
        Files.copy(page, folder.resolve(page.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Every file, by name. */
  static SortedMap<String, String> files() {
    CommandLine root = root();
    SortedMap<String, String> files = new TreeMap<>();
    for (CommandSpec command : below(root.getCommandSpec())) {
      CommandPage page = new CommandPage(command);
      files.put(page.name() + "." + CommandPage.SECTION + ".adoc", page.text());
    }
    files.put("commands.part", lines(CommandPage.commands(root.getCommandSpec()).stream()));
    files.put("exit-codes.part", lines(CommandPage.exitCodes(root.getCommandSpec()).stream()));
    files.put("counters.part", lines(Stream.of(Counter.values()).map(Paper::entry)));
    files.put("reasons.part", lines(Stream.of(Reason.values()).map(Paper::entry)));
    // it is read by a shell, and not started
    files.put("knockgate.bash", AutoComplete.bash("knockgate", root).replaceFirst("^#!.*\\R", ""));
    files.put("_knockgate", new ZshCompletion(root.getCommandSpec()).text());
    return files;
  }

  /** Every command but the root, those below others too, in the order of the help. */
  static List<CommandSpec> below(CommandSpec command) {
    List<CommandSpec> all = new ArrayList<>();
    for (CommandLine subcommand : command.subcommands().values()) {
      all.add(subcommand.getCommandSpec());
      all.addAll(below(subcommand.getCommandSpec()));
    }
    return all;
  }

  private static CommandLine root() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter(), false);
    return Root.commandLine(nowhere, nowhere, false);
  }

  private static String entry(Counter counter) {
    return "*" + counter.word() + "*::\n  " + CommandPage.literally(counter.sentence());
  }

  private static String entry(Reason reason) {
    return "*"
        + reason.word()
        + "* ("
        + reason.event().word()
        + ")::\n  "
        + CommandPage.literally(reason.sentence());
  }

  private static String lines(Stream<String> blocks) {
    return blocks.collect(Collectors.joining("\n\n", "", "\n"));
  }
}

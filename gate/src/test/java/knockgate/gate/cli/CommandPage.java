package knockgate.gate.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page of one command, in AsciiDoc, out of the same model that {@code --help} prints.
 * picocli has a writer of its own; it breaks the columns of examples and passes what AsciiDoc would
 * read as markup.
 */
record CommandPage(CommandSpec command) {
  /** The section of the manual: commands that a user may run. */
  static final int SECTION = 1;

  /** The page's name, such as {@code knockgate-import-pknock}. */
  String name() {
    return command.qualifiedName("-");
  }

  /** The whole page. */
  String text() {
    StringBuilder page = new StringBuilder();
    page.append("= ").append(name()).append('(').append(SECTION).append(")\n");
    page.append(":doctype: manpage\n:manmanual: knockgate manual\n\n");
    page.append("== Name\n\n").append(name()).append(" - ").append(purpose()).append("\n\n");
    section(page, "Synopsis", List.of(synopsis()));
    section(page, "Description", paragraphs(description()));
    section(page, "Arguments", command.positionalParameters().stream().map(this::entry).toList());
    section(page, "Options", options().map(this::entry).toList());
    section(page, "Commands", commands(command));
    section(page, "Exit status", exitCodes(command));
    section(page, title(command.usageMessage().footerHeading()), List.of(examples()));
    section(page, "See also", List.of(seeAlso()));
    return page.toString();
  }

  private static void section(StringBuilder page, String title, List<String> blocks) {
    if (blocks.stream().anyMatch(block -> !block.isBlank())) {
      page.append("== ").append(title).append("\n\n");
      blocks.forEach(block -> page.append(block).append("\n\n"));
    }
  }

  /** What it does, as a phrase without a capital and a full stop. */
  String purpose() {
    List<String> lines = List.of(command.usageMessage().header());
    String first = paragraphsOf(lines.isEmpty() ? description() : lines).get(0);
    String sentence = first.replaceFirst("\\.( .*)?$", "");
    return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }

  private String synopsis() {
    String words =
        new Help(command, Help.defaultColorScheme(Ansi.OFF)).synopsis(0).replaceAll("\\s+", " ");
    String name = command.qualifiedName();
    return bold(name) + " " + literally(words.substring(name.length()).strip());
  }

  private List<String> description() {
    return List.of(command.usageMessage().description());
  }

  private Stream<OptionSpec> options() {
    return command.options().stream()
        .filter(option -> !option.hidden())
        .sorted(Comparator.comparing(option -> option.longestName().replaceFirst("^-+", "")));
  }

  private String entry(OptionSpec option) {
    String value = option.arity().max() == 0 ? "" : "=" + italic(option.paramLabel());
    String names =
        Stream.of(option.names()).map(CommandPage::bold).collect(Collectors.joining(", "));
    return names + value + meaning(option);
  }

  private String entry(PositionalParamSpec parameter) {
    String more = parameter.arity().max() > 1 ? "..." : "";
    return italic(parameter.paramLabel()) + more + meaning(parameter);
  }

  private static String meaning(ArgSpec argument) {
    return "::\n  "
        + String.join("\n+\n", paragraphs(List.of(argument.description())))
            .replace("\n\n", "\n+\n");
  }

  /** The commands below one, each with its purpose and the name of its page. */
  static List<String> commands(CommandSpec command) {
    return command.subcommands().values().stream()
        .map(below -> new CommandPage(below.getCommandSpec()))
        .map(page -> bold(page.name()) + "(" + SECTION + ")::\n  " + literally(page.purpose()))
        .toList();
  }

  /** The exit codes of a command. */
  static List<String> exitCodes(CommandSpec command) {
    List<String> codes = new ArrayList<>();
    for (Map.Entry<String, String> code : command.usageMessage().exitCodeList().entrySet()) {
      codes.add(bold(code.getKey()) + "::\n  " + literally(code.getValue()));
    }
    return codes;
  }

  private static String title(String heading) {
    return heading.replace("%n", "").replace(":", "").strip();
  }

  private String examples() {
    String lines = String.join("\n", command.usageMessage().footer()).replace("%n", "\n");
    return lines.isBlank() ? "" : "....\n" + lines.replace("%%", "%") + "\n....";
  }

  private String seeAlso() {
    CommandSpec parent = command.parent();
    String above =
        parent == null || parent.parent() == null
            ? ""
            : bold(new CommandPage(parent).name()) + "(" + SECTION + "), ";
    return above + "*knockgate*(8), *knockgate.conf*(5)";
  }

  /** Paragraphs of plain text; one whose lines begin with blanks keeps its lines. */
  private static List<String> paragraphs(List<String> lines) {
    return paragraphsOf(lines).stream()
        .map(text -> text.startsWith(" ") ? "....\n" + text + "\n...." : literally(text))
        .toList();
  }

  private static List<String> paragraphsOf(List<String> lines) {
    String text = String.join("\n", lines).replace("%n", "\n").replace("%%", "%");
    return Stream.of(text.split("\\n{2,}", -1))
        .filter(paragraph -> !paragraph.isBlank())
        .map(
            paragraph ->
                paragraph.startsWith(" ") ? paragraph : paragraph.strip().replaceAll("\\s+", " "))
        .toList();
  }

  private static String bold(String text) {
    return "*" + literally(text) + "*";
  }

  private static String italic(String text) {
    return "_" + literally(text) + "_";
  }

  /** Text in which nothing is markup. */
  static String literally(String text) {
    return "pass:c[" + text.replace("]", "\\]") + "]";
  }
}

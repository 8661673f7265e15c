package knockgate.gate.cli;

/** Text for a terminal of 80 columns. */
final class Paragraph {
  private static final int COLUMNS = 79;
  private static final String INDENT = "  ";

  private Paragraph() {}

  /** The text in lines; those after the first are indented. A longer word gets its own line. */
  static String wrap(String text) {
    StringBuilder lines = new StringBuilder();
    int column = 0;
    for (String word : text.split(" +", -1)) {
      if (column > 0 && column + 1 + word.length() > COLUMNS) {
        lines.append(System.lineSeparator()).append(INDENT);
        column = INDENT.length();
      } else if (column > 0) {
        lines.append(' ');
        column++;
      }
      lines.append(word);
      column += word.length();
    }
    return lines.toString();
  }
}

package knockgate.gate.fault;

/** Text of others, such as the lines of a file, made fit for a terminal. */
public final class Printable {
  private Printable() {}

  /**
   * The text with each control character as {@code \\xNN}, so that none moves the cursor or hides
   * what stands before it; line breaks and tabs stay.
   */
  public static String of(String text) {
    if (text.chars().noneMatch(Printable::isHarmful)) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              if (isHarmful(c)) {
                plain.append("\\x%02x".formatted(c));
              } else {
                plain.append((char) c);
              }
            });
    return plain.toString();
  }

  private static boolean isHarmful(int c) {
    return Character.isISOControl(c) && c != '\n' && c != '\t';
  }
}

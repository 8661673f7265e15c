package knockgate.rules.hocon;

/**
 * One mistake of a policy.
 *
 * @param file the file that holds it, as the reader was given it
 * @param line its line, from 1; 0 = the file as a whole
 * @param path the key, such as {@code doors.imap.knock[2]}; empty = none
 * @param sentence what is wrong and what to write instead; never a secret
 */
public record PolicyProblem(String file, int line, String path, String sentence) {
  /** {@code file:line: path: sentence}. */
  @Override
  public String toString() {
    return new Place(file, line) + ": " + (path.isEmpty() ? "" : path + ": ") + sentence;
  }
}

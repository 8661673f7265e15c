package knockgate.rules.hocon;

import java.util.List;

/**
 * One file of a policy as it was written.
 *
 * @param name the file's name for people, the same that its parsed values carry as their origin
 * @param text its content
 * @param includes the files that its include statements name, in the order of the statements
 */
public record PolicySource(String name, String text, List<PolicySource> includes) {
  public PolicySource {
    includes = List.copyOf(includes);
  }

  /**
   * The line of an include statement of this file, for a message about it.
   *
   * @param index from 0, in the order of the text
   * @return from 1; 0 = the text has no such statement
   */
  public int includeLine(int index) {
    return KeyScanner.keys(text).stream()
        .filter(KeyScanner.Key::include)
        .skip(index)
        .findFirst()
        .map(KeyScanner.Key::line)
        .orElse(0);
  }
}

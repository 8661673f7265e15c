package knockgate.rules;

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
}

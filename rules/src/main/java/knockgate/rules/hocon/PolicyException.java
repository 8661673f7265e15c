package knockgate.rules.hocon;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A policy that cannot be used, with every mistake that was found in it. Checked, because a reload
 * must keep the old policy and say why.
 */
public final class PolicyException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<PolicyProblem> problems;

  /**
   * @param problems at least one, in the order in which they are to be read
   */
  public PolicyException(List<PolicyProblem> problems) {
    super(problems.stream().map(PolicyProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Every mistake; {@link #getMessage} has them as lines. */
  public List<PolicyProblem> problems() {
    return problems;
  }

  /**
   * The library's complaint about syntax or a substitution, as ours. The library quotes what it
   * stumbled over, and that may be a secret: such a quotation is left out.
   */
  public static PolicyException of(ConfigException cause) {
    ConfigOrigin origin = cause.origin();
    String sentence = String.valueOf(cause.getMessage());
    if (origin == null) {
      return new PolicyException(List.of(new PolicyProblem("policy", 0, "", sentence)));
    }
    sentence = withoutPrefix(sentence, origin.description() + ": ");
    int advice = sentence.indexOf(" (if you ");
    sentence = advice < 0 ? sentence : sentence.substring(0, advice);
    String punctuationAside = sentence.replaceAll("'[^'\\w]{0,2}'", "");
    boolean quotesTheFile =
        punctuationAside.indexOf('\'') >= 0 || punctuationAside.indexOf('"') >= 0;
    if (quotesTheFile) {
      sentence =
          "the syntax breaks here or just above: look for a quote, brace or bracket without its"
              + " partner, or a value that needs quotes";
    }
    if (sentence.endsWith(" end of file")) { // where a brace is missing, the library asks for a ')'
      sentence = "the file ends too early: look for a brace or bracket without its partner";
    }
    Place place = Place.of(origin);
    return new PolicyException(
        List.of(new PolicyProblem(place.file(), place.line(), "", sentence)));
  }

  private static String withoutPrefix(String text, String prefix) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }
}

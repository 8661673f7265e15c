package knockgate.gate.pknock;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words as a shell and iptables-restore do, and joins words again for people.
 */
final class Words {
  private static final List<String> SECRETS = List.of("--opensecret", "--closesecret");

  /** Shorter than this, an abbreviation is of too many options to be one. */
  private static final int SHORTEST_OPTION = "--o".length();

  private Words() {}

  /**
   * Double quotes keep blanks and know backslashes, single quotes keep everything.
   *
   * @throws RuleException if a quote is not closed
   */
  static List<String> split(String line) throws RuleException {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
        i++;
        word.append(line.charAt(i));
        inWord = true;
      } else if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        inWord = true;
      } else if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (quote != 0) {
      throw new RuleException("a quotation mark is not closed");
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  /** One line of words, each secret replaced by stars: it may be printed. */
  static String shown(List<String> words) {
    StringBuilder line = new StringBuilder();
    boolean secret = false;
    for (String word : words) {
      int equals = word.indexOf('=');
      String option = equals < 0 ? word : word.substring(0, equals);
      boolean names = namesSecret(option);
      String shown = secret ? "***" : names && equals >= 0 ? option + "=***" : word;
      line.append(line.isEmpty() ? "" : " ").append(quoted(shown));
      secret = !secret && names && equals < 0;
    }
    return line.toString();
  }

  private static boolean namesSecret(String option) {
    return option.length() >= SHORTEST_OPTION
        && SECRETS.stream().anyMatch(secret -> secret.startsWith(option));
  }

  private static String quoted(String word) {
    boolean plain = !word.isEmpty() && word.chars().noneMatch(c -> " \t\"'\\#".indexOf(c) >= 0);
    return plain ? word : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}

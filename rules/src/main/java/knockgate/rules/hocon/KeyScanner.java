package knockgate.rules.hocon;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds the keys of HOCON text in the order in which they are written. The library's tree has no
 * order, and makes one object of two that have the same name; a policy needs the one and refuses
 * the other. Only for text that the library has parsed: here nothing is an error.
 */
final class KeyScanner {
  private static final Pattern INCLUDE =
      Pattern.compile("include[ \\t]+(?:\"|(?:required|file|url|classpath)\\()");

  /**
   * One key, or one include statement.
   *
   * @param path from the root of the text; for an include, the block that it stands in
   * @param line on which it begins
   */
  record Key(List<String> path, int line, boolean include) {}

  private final String text;
  private final List<Key> keys = new ArrayList<>();
  private int at;
  private int line = 1;

  private KeyScanner(String text) {
    this.text = text;
  }

  /** All keys and include statements of a text. */
  static List<Key> keys(String text) {
    KeyScanner scanner = new KeyScanner(text);
    scanner.skipBlank();
    if (scanner.peek() == '{') {
      scanner.advance();
    }
    scanner.object(List.of());
    return scanner.keys;
  }

  /** The fields up to the closing brace, or to the end. */
  private void object(List<String> path) {
    for (skipBlank(); at < text.length() && peek() != '}'; skipBlank()) {
      int begin = line;
      if (INCLUDE.matcher(text).region(at, text.length()).lookingAt()) {
        keys.add(new Key(path, begin, true));
        value(path);
      } else {
        List<String> below = join(path, key());
        keys.add(new Key(below, begin, false));
        value(below);
      }
    }
    advance();
  }

  /** A key, which may be a path, and what separates it from its value, also comments. */
  private List<String> key() {
    int begin = at;
    while (at < text.length() && ":=+{".indexOf(peek()) < 0 && !isComment()) {
      skipOne();
    }
    String key = text.substring(begin, at).strip();
    skipBlank();
    if (at < text.length() && peek() != '{') {
      at += peek() == '+' ? 1 : 0;
      advance();
      skipBlank();
    }
    return ConfigUtil.splitPath(key);
  }

  /** A value, which may be several pieces in a row, up to what ends it. */
  private void value(List<String> path) {
    while (at < text.length() && "\n,}]".indexOf(peek()) < 0 && !isComment()) {
      if (peek() == '{') {
        advance();
        object(path);
      } else if (peek() == '[') {
        list(path);
      } else {
        skipOne();
      }
    }
  }

  private void list(List<String> path) {
    advance();
    for (skipBlank(); at < text.length() && peek() != ']'; skipBlank()) {
      value(join(path, List.of("[]")));
      if (at < text.length() && peek() == '}') {
        advance();
      }
    }
    advance();
  }

  /** A quoted string, a substitution, or one character of anything else. */
  private void skipOne() {
    if (text.startsWith("\"\"\"", at)) {
      skipThrough("\"\"\"", 3);
      while (peek() == '"') {
        advance(); // a text may itself end with quotes
      }
    } else if (peek() == '"') {
      advance();
      while (at < text.length() && peek() != '"') {
        at += peek() == '\\' ? 1 : 0;
        advance();
      }
      advance();
    } else if (text.startsWith("${", at)) {
      skipThrough("}", 2);
    } else {
      advance();
    }
  }

  private void skipThrough(String end, int from) {
    int found = text.indexOf(end, at + from);
    int target = found < 0 ? text.length() : found + end.length();
    while (at < target) {
      advance();
    }
  }

  private void skipBlank() {
    while (at < text.length()) {
      if (isComment()) {
        skipThrough("\n", 0);
      } else if (isSpace(peek()) || peek() == ',') {
        advance();
      } else {
        return;
      }
    }
  }

  private boolean isComment() {
    return peek() == '#' || text.startsWith("//", at);
  }

  /** What HOCON calls whitespace, which is more than the word says elsewhere. */
  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\ufeff';
  }

  /** The present character; NUL at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void advance() {
    line += peek() == '\n' ? 1 : 0;
    at++;
  }

  private static List<String> join(List<String> path, List<String> below) {
    List<String> whole = new ArrayList<>(path);
    whole.addAll(below);
    return whole;
  }
}

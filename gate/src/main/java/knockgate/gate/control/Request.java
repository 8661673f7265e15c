package knockgate.gate.control;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One request, read. What is wrong with it is told by an IllegalArgumentException with a sentence.
 */
final class Request {
  /** Most bytes of a request, its empty line included. */
  static final int MOST_BYTES = 1024;

  private static final String ASK = "ask";

  private final Ask ask;
  private final Map<String, String> fields;

  private Request(Ask ask, Map<String, String> fields) {
    this.ask = ask;
    this.fields = fields;
  }

  /** Reads the lines of a request. */
  static Request parse(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    text.lines().filter(line -> !line.isEmpty()).forEach(line -> addField(line, fields));
    String word = fields.remove(ASK);
    if (word == null) {
      throw new IllegalArgumentException("the request has no line ask=...");
    }
    Ask ask =
        Arrays.stream(Ask.values())
            .filter(candidate -> candidate.word().equals(word))
            .findFirst()
            .orElseThrow(() -> unknown(word));
    for (String key : fields.keySet()) {
      if (!ask.keys().contains(key)) {
        throw new IllegalArgumentException("ask=" + word + " has no key \"" + key + "\"");
      }
    }
    return new Request(ask, fields);
  }

  private static void addField(String line, Map<String, String> fields) {
    int equals = line.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("\"" + line + "\" is not key=value");
    }
    if (fields.put(line.substring(0, equals), line.substring(equals + 1)) != null) {
      throw new IllegalArgumentException(
          "the key \"" + line.substring(0, equals) + "\" came twice");
    }
  }

  private static IllegalArgumentException unknown(String word) {
    return new IllegalArgumentException(
        "nothing answers to ask="
            + word
            + "; there are "
            + Arrays.stream(Ask.values()).map(Ask::word).collect(Collectors.joining(", ")));
  }

  Ask ask() {
    return ask;
  }

  boolean has(String key) {
    return fields.containsKey(key);
  }

  /** A value that must be there. */
  String text(String key) {
    String value = fields.get(key);
    if (value == null) {
      throw new IllegalArgumentException("ask=" + ask.word() + " needs a line " + key + "=...");
    }
    return value;
  }

  /** A whole number, at least 1. */
  int number(String key, int fallback) {
    String value = fields.get(key);
    if (value == null) {
      return fallback;
    }
    if (!value.matches("[1-9]\\d{0,8}")) {
      throw new IllegalArgumentException(key + "=" + value + " is not a number from 1");
    }
    return Integer.parseInt(value);
  }
}

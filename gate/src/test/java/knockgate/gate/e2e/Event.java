package knockgate.gate.e2e;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One line of the daemon's standard output.
 *
 * @param fields by name, in their order, every value as its text; of a list, the texts with commas
 */
record Event(Map<String, String> fields) {
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Reads one line.
   *
   * @throws AssertionError if it is not one JSON object of plain values and lists of them
   */
  static Event of(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
      expect(parser.nextToken() == JsonToken.START_OBJECT, line);
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        boolean isList = parser.nextToken() == JsonToken.START_ARRAY;
        String value = isList ? list(parser, line) : scalar(parser, line);
        expect(fields.put(name, value) == null, line);
      }
      expect(parser.currentToken() == JsonToken.END_OBJECT, line);
      expect(parser.nextToken() == null, line);
    } catch (tools.jackson.core.JacksonException broken) {
      throw new AssertionError("not an event line: " + line, broken);
    }
    return new Event(fields);
  }

  private static String list(JsonParser parser, String line) {
    List<String> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(scalar(parser, line));
    }
    return String.join(",", items);
  }

  private static String scalar(JsonParser parser, String line) {
    expect(parser.currentToken().isScalarValue(), line);
    return parser.getValueAsString("null");
  }

  private static void expect(boolean holds, String line) {
    if (!holds) {
      throw new AssertionError("not a flat JSON object: " + line);
    }
  }

  /** The field's text; {@code ""} if the event has no such field. */
  String field(String name) {
    return fields.getOrDefault(name, "");
  }
}

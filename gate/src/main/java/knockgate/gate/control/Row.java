package knockgate.gate.control;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One line of an answer: a flat JSON object of strings, whole numbers and truths, in order. One
 * that was read keeps its line; in it a list of strings is taken for one string with spaces.
 */
public final class Row {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String WHAT = "what";

  private final Map<String, Object> fields = new LinkedHashMap<>();
  private final @Nullable String source;

  private Row(@Nullable String source) {
    this.source = source;
  }

  /** A row that tells of one thing of a kind. */
  static Row of(String what) {
    return new Row(null).with(WHAT, what);
  }

  /** Adds a text; null adds nothing. */
  Row with(String key, @Nullable String value) {
    if (value != null) {
      fields.put(key, value);
    }
    return this;
  }

  Row with(String key, long value) {
    fields.put(key, value);
    return this;
  }

  Row with(String key, boolean value) {
    fields.put(key, value);
    return this;
  }

  /** The same with more numbers behind. */
  public Row and(Map<String, Long> more) {
    Row all = new Row(null);
    all.fields.putAll(fields);
    all.fields.putAll(more);
    return all;
  }

  /** What kind of thing it tells of; empty for an event. */
  public String what() {
    return text(WHAT);
  }

  /** A field as text; empty where there is none. */
  public String text(String key) {
    return String.valueOf(fields.getOrDefault(key, ""));
  }

  /** Whether there is a field. */
  public boolean has(String key) {
    return fields.containsKey(key);
  }

  /** A number; 0 where there is none. */
  public long number(String key) {
    return fields.get(key) instanceof Long number ? number : 0;
  }

  /** A truth; false where there is none. */
  public boolean flag(String key) {
    return Boolean.TRUE.equals(fields.get(key));
  }

  /** The line, without its end. */
  public String json() {
    if (source != null) {
      return source;
    }
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      fields.forEach((key, value) -> write(json, key, value));
      json.writeEndObject();
    }
    return line.toString();
  }

  private static void write(JsonGenerator json, String key, Object value) {
    if (value instanceof Long number) {
      json.writeNumberProperty(key, number);
    } else if (value instanceof Boolean truth) {
      json.writeBooleanProperty(key, truth);
    } else {
      json.writeStringProperty(key, value.toString());
    }
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException when it is not a flat JSON object
   */
  public static Row parse(String line) {
    Row row = new Row(line);
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
      boolean begins = json.nextToken() == JsonToken.START_OBJECT;
      while (begins && json.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = json.currentName();
        row.fields.put(key, value(json, line));
      }
      if (json.currentToken() != JsonToken.END_OBJECT) {
        throw strange(line);
      }
    } catch (JacksonException e) {
      throw strange(line);
    }
    return row;
  }

  private static Object value(JsonParser json, String line) {
    return switch (json.nextToken()) {
      case VALUE_STRING -> json.getString();
      case START_ARRAY -> list(json, line);
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw strange(line);
    };
  }

  private static String list(JsonParser json, String line) {
    StringJoiner strings = new StringJoiner(" ");
    while (json.nextToken() == JsonToken.VALUE_STRING) {
      strings.add(json.getString());
    }
    if (json.currentToken() != JsonToken.END_ARRAY) {
      throw strange(line);
    }
    return strings.toString();
  }

  private static IllegalArgumentException strange(String line) {
    return new IllegalArgumentException("this is no answer of a gate: " + line);
  }
}

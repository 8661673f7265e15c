package knockgate.gate.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What a command tells programs: one JSON object on one line. */
final class JsonLine {
  private JsonLine() {}

  /** Prints an object. */
  static void print(PrintWriter out, Consumer<JsonGenerator> fields) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      fields.accept(json);
      json.writeEndObject();
    }
    out.println(line);
  }

  /** Writes a property that is a list of objects. */
  static <T> void list(
      JsonGenerator json, String name, List<T> things, BiConsumer<JsonGenerator, T> fields) {
    json.writeArrayPropertyStart(name);
    for (T thing : things) {
      json.writeStartObject();
      fields.accept(json, thing);
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}

package knockgate.gate.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import knockgate.rules.Door;
import knockgate.rules.KnockState;
import knockgate.rules.Policy;
import knockgate.rules.PortRange;
import knockgate.rules.hocon.PolicyProblem;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The outcome of {@code check} for programs, as one line.
 *
 * <pre>
 * {"file":"knockgate.conf","usable":true,
 *  "doors":[{"name":"imap","protects":["tcp/993"],"text":"Door imap: ..."}],
 *  "memoryBytes":7733248,"warnings":[{"path":"rescue","sentence":"..."}]}
 * {"file":"knockgate.conf","usable":false,
 *  "problems":[{"file":"knockgate.conf","line":3,"path":"mode","sentence":"..."}]}
 * </pre>
 */
final class PolicyJson {
  private PolicyJson() {}

  /** Writes what a policy does. */
  static void writeUsable(PrintWriter out, Path file, Policy policy) {
    write(
        out,
        json -> {
          json.writeStringProperty("file", file.toString());
          json.writeBooleanProperty("usable", true);
          json.writeArrayPropertyStart("doors");
          policy.doors().forEach(door -> writeDoor(json, door));
          json.writeEndArray();
          json.writeNumberProperty("memoryBytes", KnockState.bytes(policy.limits()));
          json.writeArrayPropertyStart("warnings");
          for (PolicyWarnings.Warning warning : PolicyWarnings.of(policy)) {
            json.writeStartObject();
            json.writeStringProperty("path", warning.path());
            json.writeStringProperty("sentence", warning.sentence());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void writeDoor(JsonGenerator json, Door door) {
    json.writeStartObject();
    json.writeStringProperty("name", door.name());
    json.writeArrayPropertyStart("protects");
    for (PortRange range : door.protects()) {
      json.writeString(range.toString());
    }
    json.writeEndArray();
    json.writeStringProperty("text", PolicyInWords.door(door));
    json.writeEndObject();
  }

  /** Writes what is wrong. */
  static void writeWrong(PrintWriter out, Path file, List<PolicyProblem> problems) {
    write(
        out,
        json -> {
          json.writeStringProperty("file", file.toString());
          json.writeBooleanProperty("usable", false);
          json.writeArrayPropertyStart("problems");
          for (PolicyProblem problem : problems) {
            json.writeStartObject();
            json.writeStringProperty("file", problem.file());
            json.writeNumberProperty("line", problem.line());
            json.writeStringProperty("path", problem.path());
            json.writeStringProperty("sentence", problem.sentence());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void write(PrintWriter out, Consumer<JsonGenerator> fields) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      fields.accept(json);
      json.writeEndObject();
    }
    out.println(line);
  }
}

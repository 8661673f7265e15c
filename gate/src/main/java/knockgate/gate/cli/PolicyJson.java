package knockgate.gate.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import knockgate.rules.KnockState;
import knockgate.rules.hocon.PolicyProblem;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.words.PortRange;
import tools.jackson.core.JsonGenerator;

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
    JsonLine.print(
        out,
        json -> {
          json.writeStringProperty("file", file.toString());
          json.writeBooleanProperty("usable", true);
          JsonLine.list(json, "doors", policy.doors(), PolicyJson::writeDoor);
          json.writeNumberProperty("memoryBytes", KnockState.bytes(policy.limits()));
          JsonLine.list(
              json, "warnings", PolicyWarnings.of(file, policy), PolicyJson::writeWarning);
        });
  }

  private static void writeDoor(JsonGenerator json, Door door) {
    json.writeStringProperty("name", door.name());
    json.writeArrayPropertyStart("protects");
    for (PortRange range : door.protects()) {
      json.writeString(range.toString());
    }
    json.writeEndArray();
    json.writeStringProperty("text", PolicyInWords.door(door));
  }

  private static void writeWarning(JsonGenerator json, PolicyWarnings.Warning warning) {
    json.writeStringProperty("path", warning.path());
    json.writeStringProperty("sentence", warning.sentence());
  }

  /** Writes what is wrong. */
  static void writeWrong(PrintWriter out, Path file, List<PolicyProblem> problems) {
    JsonLine.print(
        out,
        json -> {
          json.writeStringProperty("file", file.toString());
          json.writeBooleanProperty("usable", false);
          JsonLine.list(json, "problems", problems, PolicyJson::writeProblem);
        });
  }

  private static void writeProblem(JsonGenerator json, PolicyProblem problem) {
    json.writeStringProperty("file", problem.file());
    json.writeNumberProperty("line", problem.line());
    json.writeStringProperty("path", problem.path());
    json.writeStringProperty("sentence", problem.sentence());
  }
}

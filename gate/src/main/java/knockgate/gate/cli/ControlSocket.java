package knockgate.gate.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import knockgate.gate.control.Ask;
import knockgate.gate.control.ControlClient;
import knockgate.gate.control.Row;
import knockgate.rules.Outlets;
import picocli.CommandLine.Option;

/** The options of every command that talks to a running gate; a mixin. */
final class ControlSocket {
  @Option(
      names = {"-s", "--socket"},
      paramLabel = "PATH",
      defaultValue = "${KNOCKGATE_SOCKET:-" + Outlets.Control.USUAL_SOCKET + "}",
      description = "the gate's control.socket (default: $$KNOCKGATE_SOCKET or ${DEFAULT-VALUE})")
  private Path path = Path.of(Outlets.Control.USUAL_SOCKET);

  @Option(names = "--json", description = "print one JSON object a line, as the gate tells them")
  private boolean json;

  /** Whether JSON is wanted. */
  boolean json() {
    return json;
  }

  /** A connection of its own. */
  ControlClient connect() {
    return ControlClient.connect(path);
  }

  /** The gate as a whole, in one row: what a change answers as JSON. */
  Row gate() {
    return ask(Ask.STATUS, Map.of()).get(0);
  }

  /** Asks once. */
  List<Row> ask(Ask ask, Map<String, String> fields) {
    try (ControlClient client = connect()) {
      return client.ask(ask, fields);
    }
  }
}

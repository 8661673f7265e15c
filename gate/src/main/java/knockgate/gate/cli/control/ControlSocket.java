package knockgate.gate.cli.control;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import knockgate.gate.control.Ask;
import knockgate.gate.control.ControlClient;
import knockgate.gate.control.Row;
import knockgate.rules.policy.Outlets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command that talks to a running gate; a mixin. */
public final class ControlSocket {
  @Option(
      names = {"-s", "--socket"},
      paramLabel = "PATH",
      defaultValue = "${KNOCKGATE_SOCKET:-" + Outlets.Control.USUAL_SOCKET + "}",
      description = "the gate's control.socket (default: $$KNOCKGATE_SOCKET or ${DEFAULT-VALUE})")
  private Path path = Path.of(Outlets.Control.USUAL_SOCKET);

  @Option(names = "--json", description = "print one JSON object a line, as the gate tells them")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** Whether JSON is wanted. */
  public boolean json() {
    return json;
  }

  /** A connection of its own. */
  ControlClient connect() {
    return ControlClient.connect(path);
  }

  /** The gate as a whole, in one row: what a change answers as JSON. */
  public Row gate() {
    return ask(Ask.STATUS, Map.of()).get(0);
  }

  /** Asks once. */
  public List<Row> ask(Ask ask, Map<String, String> fields) {
    try (ControlClient client = connect()) {
      return client.ask(ask, fields);
    }
  }

  /** Asks once, and prints the answer. */
  void tell(Ask ask, Map<String, String> fields, BiConsumer<List<Row>, PrintWriter> words) {
    print(ask(ask, fields), words);
  }

  /**
   * Prints rows: as JSON where that is wanted, else in words.
   *
   * @param words prints them
   */
  void print(List<Row> rows, BiConsumer<List<Row>, PrintWriter> words) {
    PrintWriter out = requireNonNull(command).commandLine().getOut();
    if (json) {
      rows.forEach(row -> out.println(row.json()));
    } else {
      words.accept(rows, out);
    }
  }

  /** What {@link #print} gets behind a change: the gate as it is then, where anybody reads it. */
  List<Row> gateIfJson() {
    return json ? List.of(gate()) : List.of();
  }
}

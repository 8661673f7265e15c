package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import knockgate.gate.control.Ask;
import knockgate.gate.control.Row;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code knockgate attempts}: who is knocking. */
@Command(
    name = "attempts",
    description = {"List who is in the middle of a sequence, the furthest along first."},
    footerHeading = "%nExamples:%n",
    footer = {"  knockgate attempts imap"})
final class AttemptsCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ControlSocket socket = new ControlSocket();

  @Parameters(arity = "0..1", paramLabel = "DOOR", description = "only those of this door")
  private @Nullable String door;

  @Override
  public void run() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    List<Row> rows = socket.ask(Ask.ATTEMPTS, door == null ? Map.of() : Map.of("door", door));
    if (socket.json()) {
      rows.forEach(row -> out.println(row.json()));
    } else {
      RowTables.attempts(rows).print(out, "Nobody is in the middle of a sequence.");
    }
  }
}

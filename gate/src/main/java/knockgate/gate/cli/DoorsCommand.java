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
import picocli.CommandLine.Spec;

/** {@code knockgate doors}: the doors of the policy in use. */
@Command(
    name = "doors",
    description = {
      "List the doors of the policy in use, and how many are before and behind each.",
      "What opens a door is shown to root only."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  knockgate doors"})
final class DoorsCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ControlSocket socket = new ControlSocket();

  @Override
  public void run() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    List<Row> rows = socket.ask(Ask.DOORS, Map.of());
    if (socket.json()) {
      rows.forEach(row -> out.println(row.json()));
    } else {
      RowTables.doors(rows).print(out, "The policy has no doors.");
    }
  }
}

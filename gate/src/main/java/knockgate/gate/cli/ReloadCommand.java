package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import knockgate.gate.control.Ask;
import knockgate.gate.control.Row;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code knockgate reload}: the policy read again. */
@Command(
    name = "reload",
    description = {
      "Make the gate read its policy again, as SIGHUP does. Attempts and grants stay.",
      "A wrong policy is refused with every mistake, and the old one stays in use."
    },
    footerHeading = "%nExamples:%n",
    footer = "  knockgate check && knockgate reload")
final class ReloadCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ControlSocket socket = new ControlSocket();

  @Override
  public void run() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    List<Row> waiting = socket.ask(Ask.RELOAD, Map.of());
    if (socket.json()) {
      waiting.forEach(row -> out.println(row.json()));
      out.println(socket.gate().json());
      return;
    }
    out.println("The policy was read again and is in use.");
    if (!waiting.isEmpty()) {
      String keys = waiting.stream().map(row -> row.text("key")).collect(Collectors.joining(", "));
      out.println("These keys have changed and wait for a restart: " + keys + ".");
    }
  }
}

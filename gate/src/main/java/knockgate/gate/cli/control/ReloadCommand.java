package knockgate.gate.cli.control;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import knockgate.gate.control.Ask;
import knockgate.gate.control.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code knockgate reload}: the policy read again. */
@Command(
    name = "reload",
    description = {
      "Make the gate read its policy again, as SIGHUP does. Attempts and grants stay.",
      "A wrong policy is refused with every mistake, and the old one stays in use."
    },
    footerHeading = "%nExamples:%n",
    footer = "  knockgate check && knockgate reload")
public final class ReloadCommand implements Runnable {
  @Mixin private ControlSocket socket = new ControlSocket();

  @Override
  public void run() {
    List<Row> rows = new ArrayList<>(socket.ask(Ask.RELOAD, Map.of()));
    rows.addAll(socket.gateIfJson());
    socket.print(rows, ReloadCommand::write);
    if (!socket.json()) {
      tellOfMissedTrial();
    }
  }

  /** Then the mode of the policy does not count, which "in use" does not say. */
  private void tellOfMissedTrial() {
    if (socket.gate().text("confirmation").equals("missed")) {
      socket.print(
          List.of(),
          (none, out) ->
              out.println(
                  "But nobody confirmed the gate in time, so it ONLY OBSERVES and everything passes:"
                      + " knockgate observe off makes it enforce."));
    }
  }

  private static void write(List<Row> waiting, PrintWriter out) {
    out.println("The policy was read again and is in use.");
    if (!waiting.isEmpty()) {
      String keys = waiting.stream().map(row -> row.text("key")).collect(Collectors.joining(", "));
      out.println("These keys have changed and wait for a restart: " + keys + ".");
    }
  }
}

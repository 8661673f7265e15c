package knockgate.gate.cli.control;

import java.util.List;
import java.util.Map;
import knockgate.gate.control.Ask;
import knockgate.gate.control.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code knockgate stop}: the end of the gate. */
@Command(
    name = "stop",
    description = {
      "End the gate, as SIGTERM does: it answers what it has read, then leaves.",
      "What happens to packets from then on is up to the rules, see \"knockgate rules\"."
    },
    footerHeading = "%nExamples:%n",
    footer = "  knockgate stop")
public final class StopCommand implements Runnable {
  @Mixin private ControlSocket socket = new ControlSocket();

  @Override
  public void run() {
    List<Row> last = socket.gateIfJson();
    socket.ask(Ask.STOP, Map.of());
    socket.print(last, (rows, out) -> out.println("The gate was asked to end."));
  }
}

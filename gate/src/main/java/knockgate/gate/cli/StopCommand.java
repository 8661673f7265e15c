package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import knockgate.gate.control.Ask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code knockgate stop}: the end of the gate. */
@Command(
    name = "stop",
    description = {
      "End the gate, as SIGTERM does: it answers what it has read, then leaves.",
      "What happens to packets from then on is up to the rules, see \"knockgate rules\"."
    },
    footerHeading = "%nExamples:%n",
    footer = "  knockgate stop")
final class StopCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ControlSocket socket = new ControlSocket();

  @Override
  public void run() {
    String told = socket.json() ? socket.gate().json() : "The gate was asked to end.";
    socket.ask(Ask.STOP, Map.of());
    requireNonNull(spec).commandLine().getOut().println(told);
  }
}

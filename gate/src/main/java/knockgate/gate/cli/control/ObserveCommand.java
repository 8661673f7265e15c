package knockgate.gate.cli.control;

import java.util.Locale;
import java.util.Map;
import knockgate.gate.control.Ask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code knockgate observe}: decide and tell, but let everything pass. */
@Command(
    name = "observe",
    description = {
      "Make the gate decide and tell, but let everything pass; or enforce again.",
      "Holds until the next reload or restart: then the policy's mode counts."
    },
    footerHeading = "%nExamples:%n",
    footer = "  knockgate observe on")
public final class ObserveCommand implements Runnable {
  /** What is asked for. */
  enum Mode {
    ON,
    OFF;

    /** As it is typed, which completion offers. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin private ControlSocket socket = new ControlSocket();

  @Parameters(paramLabel = "on|off", description = "whether to observe only")
  private Mode mode = Mode.ON;

  @Override
  public void run() {
    boolean on = mode == Mode.ON;
    socket.ask(Ask.OBSERVE, Map.of("mode", on ? "on" : "off"));
    socket.print(
        socket.gateIfJson(),
        (rows, out) ->
            out.println(on ? "The gate only observes: everything passes." : "The gate enforces."));
  }
}

package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Map;
import knockgate.gate.control.Ask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code knockgate observe}: decide and tell, but let everything pass. */
@Command(
    name = "observe",
    description = {
      "Make the gate decide and tell, but let everything pass; or enforce again.",
      "Holds until the next reload or restart: then the policy's mode counts."
    },
    footerHeading = "%nExamples:%n",
    footer = "  knockgate observe on")
final class ObserveCommand implements Runnable {
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

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ControlSocket socket = new ControlSocket();

  @Parameters(paramLabel = "on|off", description = "whether to observe only")
  private Mode mode = Mode.ON;

  @Override
  public void run() {
    boolean on = mode == Mode.ON;
    socket.ask(Ask.OBSERVE, Map.of("mode", on ? "on" : "off"));
    String sentence = on ? "The gate only observes: everything passes." : "The gate enforces.";
    requireNonNull(spec)
        .commandLine()
        .getOut()
        .println(socket.json() ? socket.gate().json() : sentence);
  }
}

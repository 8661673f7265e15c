package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.Map;
import knockgate.gate.CurrentPolicy;
import knockgate.gate.cli.control.ControlSocket;
import knockgate.gate.control.Ask;
import knockgate.gate.control.ControlClient;
import knockgate.gate.fault.Failure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code knockgate confirm}: what was started or applied with {@code --confirm} stays. */
@Command(
    name = "confirm",
    header = "Keep what was applied or started with --confirm.",
    description =
        "%nThe rules of \"knockgate rules --apply --confirm\" stay, and the gate of \"knockgate run"
            + " --confirm\", which otherwise would only observe, goes on enforcing. Say it in a new"
            + " session: then you know that you still get in. Where the rules stay but the gate only"
            + " observes by then, it says so and ends with 1.%n",
    footerHeading = "%nExamples:%n",
    footer = "  knockgate confirm")
final class ConfirmCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ControlSocket socket = new ControlSocket();
  @Mixin private ConfirmSocket confirmSocket = new ConfirmSocket();

  @Override
  public void run() {
    boolean rules = Confirmation.confirm(confirmSocket.path());
    if (rules) {
      say(socket.json() ? "{\"what\":\"rules\",\"confirmed\":true}" : "The rules stay.");
    }
    try {
      socket.ask(Ask.CONFIRM, Map.of());
      say(socket.json() ? socket.gate().json() : "The gate goes on enforcing.");
    } catch (Failure e) {
      if (!rules) {
        throw new Failure(e.exitCode(), "no rules wait to be confirmed; " + e.sentence(), e);
      }
      if (!nothingWaits(e.sentence())) {
        throw e;
      }
    }
  }

  /** Who came for the rules alone need not hear of a gate that is not there, or needs nothing. */
  private static boolean nothingWaits(String sentence) {
    return sentence.equals(CurrentPolicy.WAITS_FOR_NOTHING)
        || sentence.startsWith(ControlClient.NO_GATE);
  }

  private void say(String line) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println(line);
  }
}

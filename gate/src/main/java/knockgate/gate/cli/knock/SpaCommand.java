package knockgate.gate.cli.knock;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code knockgate spa}: the clients that send one authenticated message; one for each dialect. */
@Command(
    name = "spa",
    header = "Send one message that opens a door.",
    synopsisSubcommandLabel = "DIALECT",
    subcommands = {SpaPknockCommand.class, SpaFwknopCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate spa pknock --port 4002 --secret-file open.txt gate.example",
      "  knockgate spa fwknop -n gate.example",
      "  knockgate spa fwknop -A tcp/22 --key-file k --hmac-key-file h gate.example",
    })
public final class SpaCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(requireNonNull(spec).commandLine(), "a dialect is missing");
  }
}

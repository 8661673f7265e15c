package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code knockgate import}: policies from what others understand; one subcommand for each. */
@Command(
    name = "import",
    description = "Make a policy from the rules of another port knocker.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ImportPknockCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {"  knockgate import pknock -f /etc/iptables/rules.v4 -o knockgate.conf"})
final class ImportCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  /** Reached when no subcommand was named. */
  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "import what? The word pknock is missing");
  }
}

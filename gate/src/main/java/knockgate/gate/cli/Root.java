package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import knockgate.gate.ExitCode;
import knockgate.gate.Failure;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code knockgate}: its subcommands, and how a command ends. Whatever a command throws
 * becomes one sentence on standard error and an {@link ExitCode}.
 */
@Command(
    name = "knockgate",
    description =
        "An inline knock gate: iptables queues new packets, knockgate gives the verdicts.",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      CheckCommand.class,
      RulesCommand.class,
      KnockCommand.class,
      ImportCommand.class,
      GenerateCompletion.class,
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate check -c knockgate.conf     what a policy does, or what is wrong",
      "  knockgate rules --apply               set up the firewall for the policy",
      "  knockgate run                         give verdicts until SIGTERM",
      "  knockgate knock gate.example 4002 4001 4004",
      "  source <(knockgate generate-completion)",
    })
public final class Root implements Runnable {
  /** Set to anything, it lets an internal error print its stack trace. */
  static final String TRACE_VARIABLE = "KNOCKGATE_TRACE";

  @Spec private @Nullable CommandSpec spec;

  private Root() {}

  /** Reached when no subcommand was named. */
  @Override
  public void run() {
    throw new ParameterException(requireNonNull(spec).commandLine(), "a command is missing");
  }

  /**
   * Runs one command on the process's standard streams.
   *
   * @return the process's exit code
   */
  public static int run(String[] args) {
    Output output = Output.standard();
    PrintWriter out = new PrintWriter(output, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    boolean traces = System.getenv(TRACE_VARIABLE) != null;
    int exitCode;
    try {
      exitCode = commandLine(out, err, traces).execute(args);
    } catch (Error e) { // such as a class or memory that is missing; picocli lets these through
      exitCode = report(e, err, traces);
    }
    out.flush();
    String lost = output.lost();
    if (lost != null && exitCode == ExitCode.OK.number()) {
      err.println("knockgate: standard output could not be written: " + lost);
      return ExitCode.CANNOT.number();
    }
    return exitCode;
  }

  /**
   * The parser with all its commands.
   *
   * @param traces whether an internal error prints its stack trace
   */
  static CommandLine commandLine(PrintWriter out, PrintWriter err, boolean traces) {
    CommandLine root = new CommandLine(new Root());
    root.setOut(out);
    root.setErr(err);
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setUsageHelpAutoWidth(false);
    root.setParameterExceptionHandler(Root::misused);
    root.setExecutionExceptionHandler((e, command, parsed) -> report(e, err, traces));
    root.getCommandSpec()
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("print the version")
                .build());
    furnish(root, exitCodes());
    return root;
  }

  /** Gives a command, and all below it, the option --help and the list of exit codes. */
  private static void furnish(CommandLine command, Map<String, String> exitCodes) {
    CommandSpec spec = command.getCommandSpec();
    if (spec.findOption("--help") == null) {
      spec.addOption(
          OptionSpec.builder("-h", "--help").usageHelp(true).description("show this help").build());
    }
    UsageMessageSpec usage = spec.usageMessage();
    usage.exitCodeListHeading("%nExit codes:%n");
    usage.exitCodeList(exitCodes);
    command.getSubcommands().values().forEach(below -> furnish(below, exitCodes));
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(Integer.toString(code.number()), code.meaning());
    }
    return codes;
  }

  /** A command line that cannot be understood: what is wrong, the nearest guess, where help is. */
  private static int misused(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    PrintWriter err = command.getErr();
    err.println(name + ": " + mistake(e));
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try: " + name + " --help");
    return ExitCode.USAGE.number();
  }

  private static String mistake(ParameterException e) {
    boolean atRoot = e.getCommandLine().getParent() == null;
    if (atRoot
        && e instanceof UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()) {
      return "there is no command \"" + unmatched.getUnmatched().get(0) + "\"";
    }
    return sentence(e);
  }

  private static int report(Throwable e, PrintWriter err, boolean traces) {
    ExitCode exitCode = e instanceof Failure failure ? failure.exitCode() : ExitCode.INTERNAL;
    if (exitCode == ExitCode.INTERNAL) {
      err.println("knockgate: internal error: " + e);
      if (!traces) {
        err.println("Run it again with " + TRACE_VARIABLE + "=1 for the trace, and report it.");
      }
    } else {
      err.println("knockgate: " + sentence(e));
    }
    if (traces) {
      e.printStackTrace(err);
    }
    return exitCode.number();
  }

  private static String sentence(Throwable e) {
    @Nullable String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}

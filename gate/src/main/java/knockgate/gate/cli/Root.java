package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import knockgate.gate.cli.policy.PolicyFile;
import knockgate.gate.fault.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code knockgate}, and what all its {@link Subcommand}s have in common. */
@Command(
    name = "knockgate",
    description =
        "An inline knock gate: iptables queues new packets, knockgate gives the verdicts.",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate check -c knockgate.conf     what a policy does, or what is wrong",
      "  knockgate rules --apply               set up the firewall for the policy",
      "  knockgate run                         give verdicts until SIGTERM",
      "  knockgate knock gate.example 4002 4001 4004",
      "  source <(knockgate generate-completion)",
    })
public final class Root implements Runnable {
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
    Endings endings = new Endings(err, System.getenv(Endings.TRACE_VARIABLE) != null);
    PolicyFile plain = RunCommand.plainPolicy(args);
    int exitCode;
    try {
      exitCode =
          plain != null
              ? RunCommand.serve(plain, null)
              : commandLine(out, err, endings, args.length == 0 ? "" : args[0]).execute(args);
    } catch (Exception | Error e) { // picocli lets Errors through: a class or memory is missing
      exitCode = endings.report(e);
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
   * The parser with every command.
   *
   * @param traces whether stack traces are printed
   */
  static CommandLine commandLine(PrintWriter out, PrintWriter err, boolean traces) {
    return commandLine(out, err, new Endings(err, traces), "");
  }

  /**
   * The parser of a command line. If its first word is a command, no other command is known: to
   * read the options of all of them takes longer than many a command runs.
   *
   * @param first the first word of the command line
   */
  static CommandLine commandLine(PrintWriter out, PrintWriter err, Endings endings, String first) {
    CommandLine root = new CommandLine(new Root());
    root.getCommandSpec()
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("print the version")
                .build());
    Subcommand only = Subcommand.named(first);
    for (Subcommand command : Subcommand.values()) {
      // the completion script is about all of them
      if (only == null || only == command || only == Subcommand.GENERATE_COMPLETION) {
        root.addSubcommand(command.type());
      }
    }
    CommandLine completion = root.getSubcommands().get(Subcommand.GENERATE_COMPLETION.word());
    if (completion != null) {
      addExamples(completion);
    }
    root.setOut(out);
    root.setErr(err);
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setUsageHelpAutoWidth(false);
    root.setParameterExceptionHandler(endings);
    root.setExecutionExceptionHandler(endings);
    furnish(root, exitCodes());
    return root;
  }

  /** The command is picocli's own; its pages end as ours do. */
  private static void addExamples(CommandLine completion) {
    completion
        .getCommandSpec()
        .usageMessage()
        .footerHeading("%nExamples:%n")
        .footer(
            "  source <(knockgate generate-completion)",
            "for zsh, after autoload -U +X bashcompinit && bashcompinit, too");
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
}

package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.fault.FileTrouble;
import knockgate.gate.fault.Printable;
import knockgate.gate.pknock.Imported;
import knockgate.gate.pknock.PknockImport;
import knockgate.gate.pknock.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code knockgate import pknock}: from xt_pknock's iptables rules to a policy. */
@Command(
    name = "pknock",
    header = "Make a policy from iptables rules with xt_pknock tests.",
    description = {
      "%nThe policy gives the verdicts that the rules gave; rules for which there is no such policy"
          + " are refused, with the reason and the cure. Rules that concern no door stay as they"
          + " are, and are listed. The policy goes to standard output, everything else to standard"
          + " error.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  iptables-save | knockgate import pknock - > knockgate.conf",
      "  knockgate import pknock -f firewall.sh -o knockgate.conf",
      "  knockgate import pknock '-p tcp -m pknock --knockports 4002,4001,4004 --strict",
      "      --name SSH --time 10 --autoclose 60 --dport 22 -j ACCEPT'",
      "%niptables-save does not print the secrets of --opensecret and --closesecret: give these",
      "rules as they were written."
    })
final class ImportPknockCommand implements Callable<Integer> {
  /** The policy of a chain. */
  private enum ChainPolicy {
    ACCEPT,
    DROP
  }

  private static final String STANDARD_INPUT = "-";

  @Parameters(
      paramLabel = "RULE",
      arity = "0..*",
      description = {
        "rules of INPUT, or iptables commands, each in quotes; a rule without quotes must be the"
            + " only one. - reads them from standard input, line by line"
      })
  private List<String> rules = List.of();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "read rules from a file: what iptables-save prints, or a script of commands")
  private @Nullable Path file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "write the policy to a file, which only its owner can read; one that is there keeps owner"
              + " and group, and the group may read it where it might before")
  private @Nullable Path output;

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      defaultValue = "DROP",
      description = {
        "policy of INPUT where the rules do not say: ${COMPLETION-CANDIDATES} (default:"
            + " ${DEFAULT-VALUE})"
      })
  private ChainPolicy policy = ChainPolicy.DROP;

  @Option(
      names = "--stricter",
      description = {
        "also make a policy that lets less through than the rules did: knocks are dropped where"
            + " they got an answer, strict doors see packets that other rules took first. Each"
            + " difference is listed"
      })
  private boolean stricter;

  private @Nullable CommandSpec spec;

  /** A rule looks like options of this command: what is not one is a word of the rule. */
  @Spec
  void setSpec(CommandSpec spec) {
    this.spec = spec;
    spec.parser().unmatchedOptionsArePositionalParams(true);
  }

  @Override
  public Integer call() {
    CommandSpec command = requireNonNull(spec);
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    Imported imported = PknockImport.of(lines(command), policy == ChainPolicy.ACCEPT, stricter);
    imported.left().forEach(rule -> err.println(Printable.of("left as it is: " + rule)));
    imported.refusals().forEach(refusal -> print(refusal, err));
    if (!imported.refusals().isEmpty()) {
      return ExitCode.NOT_SO.number();
    }
    imported.notes().forEach(note -> err.println(Printable.of("note: " + note)));
    if (output == null) {
      out.print(imported.policy());
      out.flush();
    } else {
      write(output, imported.policy());
      err.println("written: " + output + "; next: knockgate check -c " + output);
    }
    return ExitCode.OK.number();
  }

  private static void print(Refusal refusal, PrintWriter err) {
    err.println(Printable.of("refused (" + refusal.cause().word() + "): " + refusal.rule()));
    err.println(Printable.of("  why:  " + refusal.sentence()));
    err.println(Printable.of("  cure: " + refusal.cure()));
  }

  private List<String> lines(CommandSpec command) {
    List<String> lines = new ArrayList<>();
    if (file != null) {
      lines.addAll(read(file));
    }
    if (rules.equals(List.of(STANDARD_INPUT))) {
      lines.addAll(readStandardInput());
    } else if (rules.size() == 1 && rules.get(0).matches("[^-\\s]\\S*")) {
      throw new ParameterException(
          command.commandLine(),
          "\"" + rules.get(0) + "\" is no rule; to read a file, write -f " + rules.get(0));
    } else if (!rules.isEmpty() && rules.get(0).contains(" ")) {
      lines.addAll(rules);
    } else if (!rules.isEmpty()) {
      lines.add(rules.stream().map(ImportPknockCommand::quoted).collect(Collectors.joining(" ")));
    }
    if (file == null && rules.isEmpty()) {
      throw new ParameterException(
          command.commandLine(), "no rules: give a RULE, -f FILE, or - for standard input");
    }
    return lines;
  }

  /** The shell has taken the quotation marks of a rule that was not given as one word. */
  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.CANNOT, file + ": there is no such file", e);
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT, file + " cannot be read: " + FileTrouble.reason(e), e);
    }
  }

  private static List<String> readStandardInput() {
    try {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT, "standard input cannot be read: " + e.getMessage(), e);
    }
  }

  /** The policy may hold secrets. */
  private static void write(Path file, String policy) {
    try {
      OwnerOnly.write(file, policy);
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT, file + " cannot be written: " + FileTrouble.reason(e), e);
    }
  }
}

package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import knockgate.gate.cli.policy.PolicyFile;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.policy.PolicyLoader;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.policy.Policy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code knockgate check}: what a policy does, or everything that is wrong with it. */
@Command(
    name = "check",
    header = "Say in plain words what a policy does, or what is wrong with it.",
    description = {
      "%nReads the policy and nothing else: needs no privilege, touches no packet. Every mistake is"
          + " told at once, each with file, line, key and cure. Warnings are about what is"
          + " allowed but perhaps not meant; they do not change the exit code.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate check                         the policy in its usual place",
      "  knockgate check && systemctl reload knockgate",
      "  knockgate check -c new.conf             another policy, which no reload reads",
      "  knockgate check --json -c new.conf | jq -r '.problems[]?.sentence'",
    })
final class CheckCommand implements Callable<Integer> {
  @Mixin private PolicyFile policyFile = new PolicyFile();

  @Option(names = "--json", description = "the same as one JSON object, on standard output")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    return json ? asJson(out) : asText(out);
  }

  private int asText(PrintWriter out) {
    Policy policy = policyFile.load();
    List<PolicyWarnings.Warning> warnings = PolicyWarnings.of(policyFile.path(), policy);
    out.println(
        policyFile.path()
            + " is right: "
            + counted(policy.doors().size(), "door")
            + ", "
            + counted(warnings.size(), "warning")
            + ".");
    for (String paragraph : PolicyInWords.paragraphs(policy)) {
      out.println();
      out.println(Paragraph.wrap(paragraph));
    }
    if (!warnings.isEmpty()) {
      out.println();
      warnings.forEach(warning -> out.println(Paragraph.wrap("Warning: " + warning)));
    }
    return ExitCode.OK.number();
  }

  private static String counted(int count, String thing) {
    return (count == 0 ? "no" : Integer.toString(count)) + " " + thing + (count == 1 ? "" : "s");
  }

  private int asJson(PrintWriter out) {
    try {
      PolicyJson.writeUsable(out, policyFile.path(), PolicyLoader.read(policyFile.path()));
      return ExitCode.OK.number();
    } catch (PolicyException e) {
      PolicyJson.writeWrong(out, policyFile.path(), e.problems());
      return ExitCode.POLICY.number();
    }
  }
}

package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import knockgate.gate.cli.policy.PolicyFile;
import knockgate.gate.doctor.Doctor;
import knockgate.gate.doctor.Finding;
import knockgate.gate.fault.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;

/** {@code knockgate doctor}: what is wrong on this machine, and the cure. */
@Command(
    name = "doctor",
    header = "Look at what is really there, and name the cure of what is wrong.",
    description = {
      "%nReads the firewall's rules of both families, the kernel's queues and who holds them, other"
          + " users of the mark, the kernel's modules, the clock and other firewall programs, and"
          + " compares them with the policy. Changes nothing. Needs root.",
      "%nEnds with 0 if nothing is wrong, with 1 if something is.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate doctor                        after installing, and when no door opens",
      "  knockgate doctor -c test.conf",
      "  knockgate doctor --json | jq -r '.findings[].cure'",
    })
final class DoctorCommand implements Callable<Integer> {
  @Mixin private PolicyFile policyFile = new PolicyFile();

  @Option(names = "--json", description = "the same as one JSON object, on standard output")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    List<Finding> findings =
        Doctor.examine(policyFile.load(), "knockgate rules" + policyFile.asOption());
    if (json) {
      JsonLine.print(
          out, line -> JsonLine.list(line, "findings", findings, DoctorCommand::writeJson));
    } else {
      writeText(out, findings);
    }
    return (findings.isEmpty() ? ExitCode.OK : ExitCode.NOT_SO).number();
  }

  private static void writeText(PrintWriter out, List<Finding> findings) {
    if (findings.isEmpty()) {
      out.println(
          Paragraph.wrap(
              "Nothing is wrong: rules, queues, mark, modules and clock are as the policy needs"
                  + " them."));
    }
    for (Finding finding : findings) {
      out.println(Paragraph.wrap(finding.sentence() + "."));
      out.println("  Cure: " + finding.cure()); // a command must not be cut into lines
    }
  }

  /** {@code {"findings":[{"about":"rules","sentence":"...","cure":"..."}]}}. */
  private static void writeJson(JsonGenerator json, Finding finding) {
    json.writeStringProperty("about", finding.about());
    json.writeStringProperty("sentence", finding.sentence());
    json.writeStringProperty("cure", finding.cure());
  }
}

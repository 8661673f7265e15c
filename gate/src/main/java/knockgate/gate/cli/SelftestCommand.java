package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import knockgate.gate.cli.policy.PolicyFile;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.selftest.SelfTest;
import knockgate.gate.selftest.Trial;
import knockgate.rules.policy.Policy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;

/** {@code knockgate selftest}: every door of a policy tried out, away from the network. */
@Command(
    name = "selftest",
    header = "Try every door of a policy on this machine, away from its network.",
    description = {
      "%nMakes two network namespaces on one cable, and in them the rules of the policy and a gate"
          + " of its own; then, by IPv4 and IPv6, each door must be shut to a stranger, open to"
          + " whoever knocks or sends its message, with the first packet, and stay shut to"
          + " another address. The gate that runs on this machine, its rules and its state are"
          + " not touched, and nothing is left behind. Needs root.",
      "%nEnds with 0 if no door failed, with 1 if one did.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate selftest                      the policy in its usual place",
      "  knockgate selftest && knockgate reload",
      "  knockgate selftest --json | jq '.trials[] | select(.outcome == \"fails\")'",
    })
final class SelftestCommand implements Callable<Integer> {
  @Mixin private PolicyFile policyFile = new PolicyFile();

  @Option(names = "--json", description = "the same as one JSON object, on standard output")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    Policy policy = policyFile.load();
    List<Trial> trials = SelfTest.run(policy, policyFile.path());
    if (json) {
      JsonLine.print(
          out, line -> JsonLine.list(line, "trials", trials, SelftestCommand::writeJson));
    } else {
      writeText(out, policy, trials);
    }
    return (count(trials, Trial.Outcome.FAILS) == 0 ? ExitCode.OK : ExitCode.NOT_SO).number();
  }

  private static void writeText(PrintWriter out, Policy policy, List<Trial> trials) {
    for (Trial trial : trials) {
      out.println(
          Paragraph.wrap(
              "%s, %s %s: %s."
                  .formatted(
                      trial.door(),
                      trial.family().title(),
                      trial.outcome().words(),
                      trial.sentence())));
    }
    if (policy.observe()) {
      out.println("The policy only observes, which lets everybody in; it was tried as enforcing.");
    }
    out.println(
        "%d of %d trials work, %d failed, %d were not made."
            .formatted(
                count(trials, Trial.Outcome.WORKS),
                trials.size(),
                count(trials, Trial.Outcome.FAILS),
                count(trials, Trial.Outcome.UNTRIED)));
  }

  private static long count(List<Trial> trials, Trial.Outcome outcome) {
    return trials.stream().filter(trial -> trial.outcome() == outcome).count();
  }

  /** {@code {"trials":[{"door":"ssh","family":"IPv4","outcome":"works","sentence":"..."}]}}. */
  private static void writeJson(JsonGenerator json, Trial trial) {
    json.writeStringProperty("door", trial.door());
    json.writeStringProperty("family", trial.family().title());
    json.writeStringProperty("outcome", trial.outcome().name().toLowerCase(Locale.ROOT));
    json.writeStringProperty("sentence", trial.sentence());
  }
}

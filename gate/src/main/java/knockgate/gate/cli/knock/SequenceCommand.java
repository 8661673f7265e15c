package knockgate.gate.cli.knock;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.stream.Collectors;
import knockgate.gate.cli.policy.PolicyDoors;
import knockgate.gate.cli.policy.PolicyFile;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Rotating;
import knockgate.rules.words.Protocol;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code knockgate sequence}: what a rotating door wants now. */
@Command(
    name = "sequence",
    header = "Print the present knocks of a rotating door.",
    description = {
      "%nOn one line of standard output, for a knock client; how long they hold is on standard"
          + " error. The gate takes them one step longer, and one step earlier. This user must be"
          + " allowed to read the policy and the secret. Who has no policy at hand derives the"
          + " knocks from the secret alone: knockgate knock --rotating, or the clients in shell,"
          + " Python and JavaScript of the documentation.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate sequence -c knockgate.conf imap",
      "  knockgate knock gate.example $(knockgate sequence imap)",
      "  knockgate sequence --next 10 imap     the present and nine more, each with its times",
    })
public final class SequenceCommand implements Runnable {
  private static final int MOST = 10_000;

  @Parameters(index = "0", paramLabel = "DOOR", description = "name of a rotating door")
  private String door = "";

  @Option(
      names = "--next",
      paramLabel = "N",
      description = "print so many, one on a line, each behind the times when it begins and ends")
  private @Nullable Integer next;

  @Mixin private PolicyFile policyFile = new PolicyFile();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (next != null && (next < 1 || next > MOST)) {
      throw new ParameterException(requireNonNull(spec).commandLine(), "--next takes 1 to " + MOST);
    }
    Door found = PolicyDoors.named(policyFile.load(), door);
    if (!(found.trigger() instanceof Rotating rotating)) {
      throw new Failure(ExitCode.NOT_SO, "the knocks of door \"" + door + "\" do not rotate");
    }
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    long nowMs = System.currentTimeMillis();
    long present = rotating.knocks().stepAt(nowMs);
    if (next == null) {
      out.println(words(rotating, present));
      Instant end = begin(rotating, present + 1);
      long seconds = (end.toEpochMilli() - nowMs + 999) / 1000;
      requireNonNull(spec).commandLine().getErr().println("for " + seconds + " s, until " + end);
      return;
    }
    for (long step = present; step < present + next; step++) {
      Instant begin = begin(rotating, step);
      out.println(begin + " " + begin(rotating, step + 1) + " " + words(rotating, step));
    }
  }

  private static Instant begin(Rotating rotating, long step) {
    return Instant.ofEpochMilli(step * rotating.knocks().step().toMillis());
  }

  /** As {@code knockgate knock} takes them; TCP ports bare, as every client does. */
  private static String words(Rotating rotating, long step) {
    return rotating.knocks().steps(step).stream()
        .map(knock -> knock.protocol() == Protocol.TCP ? "" + knock.number() : knock.toString())
        .collect(Collectors.joining(" "));
  }
}

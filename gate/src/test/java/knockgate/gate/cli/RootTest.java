package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.UsageMessageSpec;

class RootTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(CommandLine root, String... args) {
    return root.execute(args);
  }

  /** A root with one more command, which gets the root's streams and manners. */
  private CommandLine rootWith(Object command, boolean traces) {
    CommandLine root = root(traces).addSubcommand(command);
    root.setErr(root.getErr());
    root.setExecutionExceptionHandler(root.getExecutionExceptionHandler());
    return root;
  }

  private CommandLine root(boolean traces) {
    return Root.commandLine(new PrintWriter(out, true), new PrintWriter(err, true), traces);
  }

  @Test
  void theVersionIsTheOneOfTheBuild() {
    assertThat(run(root(false), "--version")).isZero();
    assertThat(out.toString()).matches("knockgate \\d+\\.\\d+\\.\\d+\\R");
  }

  @Test
  void everyCommandHasHelpWithExamplesAndExitCodes() {
    Deque<CommandLine> commands = new ArrayDeque<>(List.of(root(false)));
    List<String> seen = new ArrayList<>();
    while (!commands.isEmpty()) {
      CommandLine command = commands.pop();
      commands.addAll(command.getSubcommands().values());
      String name = command.getCommandSpec().qualifiedName();
      seen.add(name);
      assertThat(command.getUsageMessage())
          .as(name)
          .contains("--help", "Exit codes:", "a fault of knockgate itself");
      assertThat(command.getUsageMessage()).as(name).contains("Examples:", "knockgate ");
    }
    assertThat(seen)
        .contains("knockgate rules", "knockgate knock", "knockgate generate-completion");
  }

  @ParameterizedTest
  @EnumSource
  void aCommandAloneIsTheSameAsAmongTheOthers(Subcommand command) {
    PrintWriter ignored = new PrintWriter(out);
    String word = command.word();
    CommandLine alone = Root.commandLine(ignored, ignored, new Endings(ignored, false), word);
    assertThat(help(alone, word)).isEqualTo(help(root(false), word));
  }

  private static String help(CommandLine root, String command) {
    return requireNonNull(root.getSubcommands().get(command), command).getUsageMessage();
  }

  /** The list of commands in the help has the first line of each. */
  @Test
  void theFirstLineOfACommandIsASentence() {
    for (CommandLine command : root(false).getSubcommands().values()) {
      UsageMessageSpec usage = command.getCommandSpec().usageMessage();
      String[] lines = usage.header().length > 0 ? usage.header() : usage.description();
      assertThat(lines[0]).as(command.getCommandName()).endsWith(".");
    }
  }

  @Test
  void theExamplesOfACommandAreOfThatCommand() {
    for (CommandLine command : root(false).getSubcommands().values()) {
      String name = command.getCommandSpec().qualifiedName();
      assertThat(command.getUsageMessage().replaceFirst("(?s).*Examples:", "")).contains(name);
    }
  }

  /** A line that is cut within a word, such as the name of a host, is another command. */
  @Test
  void theCommandOfAnExampleIsNotCutAndNoReloadFollowsAnotherPolicy() {
    for (CommandLine command : root(false).getSubcommands().values()) {
      for (String line : command.getCommandSpec().usageMessage().footer()) {
        String example = line.strip().split(" {2,}", 2)[0].replace("%%", "%");
        assertThat(command.getUsageMessage()).contains(example);
        assertThat(example).doesNotContainPattern("-c .* reload");
      }
    }
  }

  @Test
  void theCompletionScriptKnowsEveryCommand() {
    run(
        Root.commandLine(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            new Endings(new PrintWriter(err, true), false),
            "generate-completion"),
        "generate-completion");
    for (Subcommand command : Subcommand.values()) {
      assertThat(out.toString()).contains(command.word());
    }
    assertThat(out.toString()).contains("--iptables").contains("--layout");
  }

  @Test
  void noCommandIsAUsageError() {
    assertThat(run(root(false))).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString()).contains("a command is missing", "knockgate --help");
  }

  @Test
  void aMistypedCommandIsOneSentenceAndAGuess() {
    assertThat(run(root(false), "ruels")).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString())
        .contains("knockgate: there is no command \"ruels\"", "rules", "Try: knockgate --help");
  }

  @Test
  void aMistypedOptionIsOneSentenceAndAHint() {
    assertThat(run(root(false), "--versoin")).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString())
        .contains("knockgate: Unknown option: '--versoin'", "--version", "Try: knockgate --help")
        .doesNotContain("\tat ");
  }

  @Test
  void anArgumentTooManyIsNamed() {
    assertThat(run(root(false), "extend", "ssh", "192.0.2.1", "30m", "x"))
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString())
        .contains("knockgate extend: more than it takes: 30m x", "Try: knockgate extend --help");
  }

  @Test
  void aFailureIsItsSentenceAndItsExitCode() {
    CommandLine root = rootWith(new Failing(ExitCode.KERNEL), false);
    assertThat(run(root, "failing")).isEqualTo(ExitCode.KERNEL.number());
    assertThat(err).hasToString("knockgate: the queue is taken" + System.lineSeparator());
  }

  @Test
  void anInternalErrorTellsHowToGetTheTrace() {
    assertThat(run(rootWith(new Breaking(), false), "breaking"))
        .isEqualTo(ExitCode.INTERNAL.number());
    assertThat(err.toString())
        .contains("internal error: java.lang.IllegalStateException: impossible")
        .contains("KNOCKGATE_TRACE=1")
        .doesNotContain("\tat ");
  }

  @Test
  void anInternalErrorPrintsTheTraceWhenAsked() {
    run(rootWith(new Breaking(), true), "breaking");
    assertThat(err.toString()).contains("\tat ").doesNotContain("Run it again");
  }

  @Test
  void aReaderThatWentAwayIsNoFailureButAFullDiskIs() {
    assertThat(lostTo("Broken pipe")).isNull();
    assertThat(lostTo("No space left on device")).isEqualTo("No space left on device");
  }

  private static @org.jspecify.annotations.Nullable String lostTo(String words) {
    Output output =
        new Output(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException(words);
              }
            });
    PrintWriter writer = new PrintWriter(output, true, StandardCharsets.UTF_8);
    writer.println("one");
    writer.println("two");
    return output.lost();
  }

  @Command(name = "failing")
  static final class Failing implements Callable<Integer> {
    private final ExitCode exitCode;

    Failing(ExitCode exitCode) {
      this.exitCode = exitCode;
    }

    @Override
    public Integer call() {
      throw new Failure(exitCode, "the queue is taken");
    }
  }

  @Command(name = "breaking")
  static final class Breaking implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException("impossible");
    }
  }
}

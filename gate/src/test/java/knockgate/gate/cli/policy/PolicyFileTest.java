package knockgate.gate.cli.policy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What is read without picocli must be what picocli reads. */
class PolicyFileTest {
  @Command
  private static final class AnyCommand {
    @Mixin private PolicyFile policyFile = new PolicyFile();
  }

  private static Path byPicocli(List<String> words) {
    AnyCommand command = new AnyCommand();
    new CommandLine(command).parseArgs(words.toArray(new String[0]));
    return command.policyFile.path();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-c x.conf", "--config /a/b.conf", "-c a=b", "-c \"x\""})
  void aloneItIsReadAsPicocliReadsIt(String line) {
    List<String> words = line.isEmpty() ? List.of() : List.of(line.split(" ", -1));
    PolicyFile file = requireNonNull(PolicyFile.plain(words));
    assertThat(file.path()).isEqualTo(byPicocli(words));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-c", "-c ", "-c -x", "-c @x", "-cx", "-c=x", "--help", "x y", "-c x y", "-c x -h"
      })
  void whateverElseIsLeftToPicocli(String line) {
    assertThat(PolicyFile.plain(List.of(line.split(" ", -1)))).isNull();
  }

  @Test
  void aNameOfTwoLinesIsLeftToPicocli() {
    assertThat(PolicyFile.plain(List.of("-c", "x\ny"))).isNull();
  }
}

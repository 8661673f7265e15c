package knockgate.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HangupTest {
  private static final String READ = "knockgate: the policy was read again\n";

  @TempDir private Path folder;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private BareGate gate;
  private Hangup hangup;

  @BeforeEach
  void open() {
    gate = BareGate.of(folder, "doors { d { protects = [ tcp/22 ], knock = [ 7000, 8000 ] } }");
    hangup = new Hangup(gate.room().current(), gate.faults(), new PrintStream(log, true, UTF_8));
  }

  @Test
  void whatIsAskedForDuringTheStartIsDoneOnceTheGateIsReady() {
    int[] told = {0};
    gate.room().current().tell(plan -> told[0]++);
    hangup.ask();
    hangup.ask();
    assertThat(told[0]).isZero();
    hangup.ready();
    assertThat(told[0]).isEqualTo(1);
    assertThat(log.toString(UTF_8)).isEqualTo(READ);
    hangup.ask();
    assertThat(log.toString(UTF_8)).isEqualTo(READ + READ);
  }

  @Test
  void withoutASignalTheReadyGateReadsNothing() {
    hangup.ready();
    assertThat(log.toString(UTF_8)).isEmpty();
  }

  @Test
  void aPolicyThatCannotBeUsedChangesNothing() throws IOException {
    Files.writeString(gate.file(), "doors = 1");
    hangup.ready();
    hangup.ask();
    assertThat(log.toString(UTF_8)).startsWith("knockgate: the policy stays as it was");
    assertThat(gate.room().current().policy().doors()).hasSize(1);
  }
}

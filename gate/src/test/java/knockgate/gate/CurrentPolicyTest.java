package knockgate.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import knockgate.gate.fault.FaultLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurrentPolicyTest {
  @TempDir private Path folder;
  private CurrentPolicy current;

  @BeforeEach
  void open() {
    current =
        BareGate.of(folder, "doors { ssh { protects = [ tcp/22 ], knock = [ 7000, 8000 ] } }")
            .room()
            .current();
  }

  private boolean observes() {
    return current.policy().observe();
  }

  @Test
  void aReloadAfterAMissedConfirmationOnlyObservesUntilSomebodySaysOff() {
    current.awaitConfirmation();
    assertThat(current.giveUpWaiting()).isTrue();
    current.reload();
    assertThat(observes()).isTrue();
    current.observe(true);
    current.reload();
    assertThat(observes()).as("observe on is no confirmation").isTrue();

    current.observe(false);
    assertThat(observes()).isFalse();
    current.reload();
    assertThat(observes()).isFalse();
  }

  @Test
  void aReloadNamesEveryKeyThatWaitsForTheNextStart() throws IOException {
    Files.writeString(
        current.file(),
        "\nqueue { number = 7, count = 2, length = 99, when-full = accept, threads = 2 }"
            + "\nlimits { attempts = 99, grants = 99 }"
            + "\ncontrol.socket = none, events.to = none, metrics.listen = \"127.0.0.1:9877\""
            + "\nstate.file = \"/nowhere/state\"",
        StandardOpenOption.APPEND);
    assertThat(current.reload())
        .containsExactly(
            "queue.number",
            "queue.count",
            "queue.length",
            "queue.when-full",
            "queue.threads",
            "limits.attempts",
            "limits.grants",
            "control",
            "events",
            "metrics",
            "state.file");
  }

  @Test
  void everyUserIsToldOfAPolicyWhateverAnotherOneThrows() {
    List<Boolean> told = new ArrayList<>();
    current.tell(
        plan -> {
          throw new InternalError("a mapped file");
        });
    current.tell(plan -> told.add(plan.policy().observe()));

    current.awaitConfirmation();
    assertThatThrownBy(current::giveUpWaiting)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a mapped file");
    assertThat(told).containsExactly(true);
    assertThat(current.trial()).isEqualTo(CurrentPolicy.Trial.MISSED);
    assertThat(observes()).isTrue();
  }

  @Test
  void aMissedConfirmationIsToldThoughSomethingGoesWrong() {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(log, true, UTF_8);
    FaultLog faults = new FaultLog(err);
    current.tell(
        plan -> {
          throw new InternalError("a mapped file");
        });
    new Probation(current, Duration.ZERO, faults, err).watch();
    assertThat(observes()).isTrue();
    assertThat(log.toString(UTF_8)).contains("ONLY OBSERVES");
    assertThat(faults.counts()).hasSize(1);
  }
}

package knockgate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
}

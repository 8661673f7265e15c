package knockgate.gate.state;

import static knockgate.gate.state.TwoDoors.BOTH;
import static knockgate.gate.state.TwoDoors.MINUTE;
import static knockgate.gate.state.TwoDoors.OTHER;
import static knockgate.gate.state.TwoDoors.PEER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gate that starts where no snapshot can be written: a folder stands in its way. */
class FullDiskTest {
  @TempDir private Path folder;

  private Path files;

  @BeforeEach
  void leaveAGrantBehindAndFillTheDisk() throws IOException {
    files = Files.createTempDirectory(folder, "state");
    try (Life life = new Life(files, BOTH, Life.NOON)) {
      life.grant(PEER, "ssh", 10 * MINUTE);
    }
    Files.createDirectories(files.resolve("state.new/full"));
  }

  private void makeRoom() throws IOException {
    Files.delete(files.resolve("state.new/full"));
    Files.delete(files.resolve("state.new"));
  }

  @Test
  void whatWasTakenBackMeanwhileStaysAwayOnceThereIsRoom() throws IOException {
    Life life = new Life(files, BOTH, Life.NOON);
    assertThat(life.news()).last().asString().contains("tried again every second");
    assertThat(life.grants()).containsOnlyKeys("ssh/0 ffffc0000202");
    life.revoke(PEER, "ssh");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> life.keeper().tick()).isInstanceOf(IOException.class);
    }
    assertThat(life.crash(BOTH, 0).grants()).as("nothing could be saved").hasSize(1);

    makeRoom();
    life.after(1000).keeper().tick();
    assertThat(life.news()).last().isEqualTo("the state is saved from now on");
    assertThat(life.crash(BOTH, 0).grants()).isEmpty();
    life.grant(OTHER, "web", MINUTE);
    assertThat(life.crash(BOTH, 0).grants()).as("by the journal").hasSize(1);
  }

  @Test
  void itsEndIsALastTry() throws IOException {
    Life life = new Life(files, BOTH, Life.NOON);
    life.revoke(PEER, "ssh");
    makeRoom();
    assertThat(life.restart(BOTH, 0).grants()).isEmpty();
  }

  @Test
  void aFileThatThePolicyNamesMustBeWritable() {
    String demanded = "state.file = \"" + files.resolve("state") + "\"\n" + BOTH;
    assertThatThrownBy(() -> new Life(files, demanded, Life.NOON)).isInstanceOf(IOException.class);
  }
}

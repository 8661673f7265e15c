package knockgate.gate.state;

import static knockgate.gate.state.TwoDoors.BOTH;
import static knockgate.gate.state.TwoDoors.MINUTE;
import static knockgate.gate.state.TwoDoors.PEER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import knockgate.gate.policy.PolicyLoader;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.StateSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the files are, and who may read and write them. */
class StatePlaceTest {
  @TempDir private Path folder;

  private Path files;

  @BeforeEach
  void makeFolder() throws IOException {
    files = Files.createTempDirectory(folder, "state");
  }

  private Life life() throws IOException {
    return new Life(files, BOTH, Life.NOON);
  }

  @Test
  void twoGatesDoNotShareAFile() throws IOException {
    try (Life first = life()) {
      assertThatThrownBy(this::life)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another");
      assertThat(first.grant(PEER, "ssh", MINUTE)).isTrue();
    }
    life().close();
  }

  @Test
  void theFilesAreForTheirOwnerOnlyAndAFolderForAllIsRefused() throws IOException {
    life().close();
    for (String name : new String[] {"state", "state.journal"}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.resolve(name))))
          .isEqualTo("rw-------");
    }
    Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxrwx---"));
    assertThatThrownBy(this::life)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("others may write in")
        .hasMessageContaining("chmod 700");
  }

  @Test
  void thePolicySaysWhereAndTheSystemWhereItDoesNot() {
    Policy usual = policyWith(StateSpec.USUAL);
    assertThat(StateKeeper.file(policyWith(StateSpec.NONE), Map.of("STATE_DIRECTORY", "/x")))
        .isNull();
    assertThat(StateKeeper.file(policyWith("/a/b"), Map.of("STATE_DIRECTORY", "/x")))
        .isEqualTo(Path.of("/a/b"));
    assertThat(StateKeeper.file(usual, Map.of("STATE_DIRECTORY", "/x:/y")))
        .isEqualTo(Path.of("/x/state"));
  }

  private static Policy policyWith(String file) {
    try {
      Path text = Files.createTempFile("state", ".conf");
      try {
        return PolicyLoader.load(Files.writeString(text, "state.file = \"" + file + "\"\n" + BOTH));
      } finally {
        Files.delete(text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

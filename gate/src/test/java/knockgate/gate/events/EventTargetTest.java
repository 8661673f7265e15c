package knockgate.gate.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import knockgate.rules.policy.Outlets;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where events go. */
class EventTargetTest {
  @TempDir private Path folder;
  private final ByteArrayOutputStream standardOutput = new ByteArrayOutputStream();

  private String written(String to) throws IOException {
    try (EventTarget target = EventTarget.open(new Outlets.Events(to), standardOutput)) {
      for (Reason reason : new Reason[] {Reason.OPENED, Reason.KNOCK, Reason.NO_GRANT}) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes((reason.word() + "\n").getBytes(UTF_8));
        target.write(reason, line);
      }
      target.flush();
    }
    return standardOutput.toString(UTF_8);
  }

  @Test
  void standardOutputGetsTheLinesAsTheyAre() throws IOException {
    assertThat(written("stdout")).isEqualTo("opened\nknock\nno-grant\n");
  }

  @Test
  void theJournalGetsAPriorityWithEach() throws IOException {
    assertThat(written("journald")).isEqualTo("<5>opened\n<6>knock\n<5>no-grant\n");
  }

  @Test
  void nobodyGetsAnything() throws IOException {
    assertThat(written("none")).isEmpty();
  }

  @Test
  void aFileGetsThemInsteadOfStandardOutput() throws IOException {
    Path file = folder.resolve("e.json");
    assertThat(written(file.toString())).isEmpty();
    assertThat(file).hasContent("opened\nknock\nno-grant\n");
  }
}

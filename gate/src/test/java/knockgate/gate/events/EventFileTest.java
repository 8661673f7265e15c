package knockgate.gate.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of events that others rotate. */
class EventFileTest {
  @TempDir private Path folder;
  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("events.json");
  }

  private static void line(EventFile file, String text) throws IOException {
    file.write((text + "\n").getBytes(UTF_8));
    file.flush();
  }

  @Test
  void linesAreAppendedToWhatIsThere() throws IOException {
    Files.writeString(path, "old\n");
    try (EventFile file = EventFile.open(path)) {
      line(file, "one");
      line(file, "two");
    }
    assertThat(path).hasContent("old\none\ntwo\n");
  }

  /** Of a disk that was full, or a gate that was killed: the next event would be lost with it. */
  @Test
  void halfALineIsNotGoneOnWith() throws IOException {
    Files.writeString(path, "{\"ha");
    try (EventFile file = EventFile.open(path)) {
      line(file, "one");
      Files.move(path, folder.resolve("events.json.1"));
      Files.writeString(path, "{\"other ha");
      file.reopen();
      line(file, "two");
      line(file, "three");
    }
    assertThat(folder.resolve("events.json.1")).hasContent("{\"ha\none\n");
    assertThat(path).hasContent("{\"other ha\ntwo\nthree\n");
  }

  @Test
  void aNewFileIsNotForEverybody() throws IOException {
    EventFile.open(path).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isIn("rw-r-----", "rw-------");
  }

  @Test
  void aFileThatWasMovedAwayIsLeftWhenAsked() throws IOException {
    Path rotated = folder.resolve("events.json.1");
    try (EventFile file = EventFile.open(path)) {
      line(file, "one");
      Files.move(path, rotated);
      file.reopen();
      line(file, "two");
    }
    assertThat(rotated).hasContent("one\n");
    assertThat(path).hasContent("two\n");
  }

  @Test
  void aFileThatWasTruncatedIsGoneOnWithFromItsBeginning() throws IOException {
    try (EventFile file = EventFile.open(path)) {
      line(file, "one");
      Files.writeString(path, "", StandardOpenOption.TRUNCATE_EXISTING);
      line(file, "two");
    }
    assertThat(path).hasContent("two\n");
  }

  @Test
  void aLineLongerThanTheBufferIsWrittenWhole() throws IOException {
    String text = "x".repeat(200_000);
    try (EventFile file = EventFile.open(path)) {
      line(file, "before");
      line(file, text);
    }
    assertThat(path).hasContent("before\n" + text + "\n");
  }

  @Test
  void whatCannotBeOpenedIsASentence() {
    assertThatThrownBy(() -> EventFile.open(folder.resolve("no/events.json")))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.exitCode()).isEqualTo(ExitCode.CANNOT))
        .hasMessageStartingWith("events.to: " + folder + "/no/events.json cannot be opened");
  }
}

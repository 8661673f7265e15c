package knockgate.gate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is there already and is no file stays what it is. */
class OwnerOnlyTest {
  @TempDir private Path folder;

  @Test
  void aDeviceIsWrittenToAndStays() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("null"), Path.of("/dev/null"));
    OwnerOnly.write(link, "secret\n");
    assertThat(link).isSymbolicLink();
    assertThat(folder).isDirectoryNotContaining("glob:**.new");
    Files.delete(link); // JUnit warns of links that lead out of the folder
  }

  @Test
  void aLinkToAFileIsRefusedAndTheFileStaysAsItWas() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old\n");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    assertThatThrownBy(() -> OwnerOnly.write(link, "secret\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it is a link; name the file itself");
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("old\n");
  }

  @Test
  void aLinkToNothingAndAFolderAreRefused() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nothing"));
    assertThatThrownBy(() -> OwnerOnly.write(link, "x")).hasMessageContaining("it is a link");
    assertThat(folder.resolve("nothing")).doesNotExist();
    Path inner = Files.createDirectory(folder.resolve("inner"));
    assertThatThrownBy(() -> OwnerOnly.write(inner, "x"))
        .hasMessageContaining("it is there already, and no file");
    assertThat(inner).isDirectory();
  }

  @Test
  void aFileIsReplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old\n");
    OwnerOnly.write(file, "secret\n");
    assertThat(file).hasContent("secret\n");
  }
}

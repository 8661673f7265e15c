package knockgate.gate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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

  @Test
  void whoWasMeantToReadAFileReadsItsSuccessor() throws IOException {
    Path file = file("rw-r-----");
    giveAway(file);
    OwnerOnly.write(file, "secret\n");
    assertThat(mode(file)).isEqualTo("rw-r-----");
    assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(givenTo());
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(givenTo());
  }

  @Test
  void whatEverybodyCouldReadIsForItsOwnerOnlyNow() throws IOException {
    for (String mode : List.of("rw-r--r--", "rw-rw----", "rw-r----x", "rw-------")) {
      Path file = file(mode);
      OwnerOnly.write(file, "secret\n");
      assertThat(mode(file)).as(mode).isEqualTo("rw-------");
    }
  }

  @Test
  void inAFolderOfOthersAFileThatLayThereSaysNothing() throws IOException {
    Path file = file("rw-r-----");
    giveAway(file);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    OwnerOnly.write(file, "secret\n");
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(Files.getAttribute(file, "unix:uid"))
        .isEqualTo(Files.getAttribute(folder, "unix:uid"));
  }

  private Path file(String mode) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  /** Only root can. */
  private void giveAway(Path file) throws IOException {
    Files.setAttribute(file, "unix:gid", givenTo());
    Files.setAttribute(file, "unix:uid", givenTo());
  }

  /** Somebody else, where we are root. */
  private Object givenTo() throws IOException {
    Object ours = Files.getAttribute(folder, "unix:uid");
    return ours.equals(0) ? 65534 : ours;
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}

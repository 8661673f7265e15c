package knockgate.gate.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes files that may hold secrets. */
final class OwnerOnly {
  private static final FileAttribute<Set<PosixFilePermission>> MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** st_mode, see inode(7). */
  private static final int TYPE = 0170000;

  private static final int CHARACTER_DEVICE = 0020000;
  private static final int PIPE = 0010000;

  private OwnerOnly() {}

  /**
   * Writes a file whole, in place of what was there: never readable by others, not even while it is
   * written, and never half. A device such as {@code /dev/stdout} and a pipe are written to.
   *
   * @throws IOException also if there is something else than a file, which stays as it is
   */
  static void write(Path file, String text) throws IOException {
    if (isStream(file)) {
      Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
    } else {
      refuseWhatIsNoFile(file);
      replace(file, text);
    }
  }

  /** Whether a name, perhaps by a link, is that of a character device or of a pipe. */
  private static boolean isStream(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    int type = (int) Files.getAttribute(file, "unix:mode") & TYPE;
    return type == CHARACTER_DEVICE || type == PIPE;
  }

  private static void refuseWhatIsNoFile(Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      throw new FileSystemException(
          file.toString(), null, "it is a link; name the file itself, or another");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new FileSystemException(
          file.toString(), null, "it is there already, and no file; name another");
    }
  }

  private static void replace(Path file, String text) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path written = Files.createTempFile(folder, file.getFileName() + ".", ".new", MODE);
    try {
      Files.writeString(written, text, StandardCharsets.UTF_8);
      Files.move(
          written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }
}

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

/**
 * Writes files that may hold secrets, for their owner only. A file that is there may have a group
 * which reads it, as that of the gate's own user: owner and group stay then.
 */
final class OwnerOnly {
  private static final FileAttribute<Set<PosixFilePermission>> MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** st_mode, see inode(7). */
  private static final int TYPE = 0170000;

  private static final int CHARACTER_DEVICE = 0020000;
  private static final int PIPE = 0010000;

  private static final int GROUP_READS = 0040;

  /** That the group may write or others do anything. */
  private static final int TOO_MUCH = 0027;

  private static final int OTHERS_WRITE = 0022;

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
    int type = mode(file) & TYPE;
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
    Path folder = file.toAbsolutePath().resolveSibling(".");
    Path written = Files.createTempFile(folder, file.getFileName() + ".", ".new", MODE);
    try {
      Files.writeString(written, text, StandardCharsets.UTF_8);
      if (!mayOthersPutFilesInto(folder)) {
        keepReaders(file, written);
      }
      Files.move(
          written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /** Then nothing says who meant a file that is there. */
  private static boolean mayOthersPutFilesInto(Path folder) throws IOException {
    return (mode(folder) & OTHERS_WRITE) != 0;
  }

  /** Lets those read the new file who were meant to read the old one. */
  private static void keepReaders(Path old, Path written) throws IOException {
    if (!Files.exists(old)) {
      return;
    }
    int mode = mode(old) & ~TYPE;
    try {
      if ((mode & GROUP_READS) != 0 && (mode & TOO_MUCH) == 0) {
        Files.setAttribute(written, "unix:gid", Files.getAttribute(old, "unix:gid"));
        Files.setAttribute(written, "unix:mode", mode);
      }
      Files.setAttribute(written, "unix:uid", Files.getAttribute(old, "unix:uid"));
    } catch (FileSystemException e) {
      // neither root nor the owner: not ours to give away
    }
  }

  private static int mode(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:mode");
  }
}

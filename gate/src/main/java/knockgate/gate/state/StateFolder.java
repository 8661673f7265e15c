package knockgate.gate.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import knockgate.rules.policy.StateSpec;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of the state are, and whether nobody else can write there: who can, can enter.
 */
final class StateFolder {
  /** What systemd tells a unit that has a StateDirectory (systemd.exec(5)). */
  private static final String FROM_SYSTEMD = "STATE_DIRECTORY";

  private static final Path USUAL_FOLDER = Path.of("/var/lib/knockgate");
  private static final String FILE = "state";

  private StateFolder() {}

  /**
   * The file that a policy means; null = none is kept, or the system provides no folder for it.
   *
   * @param environment of this process
   */
  static @Nullable Path file(StateSpec spec, Map<String, String> environment) {
    if (spec.file().equals(StateSpec.NONE)) {
      return null;
    }
    if (spec.demanded()) {
      return Path.of(spec.file());
    }
    String given = environment.get(FROM_SYSTEMD);
    if (given != null && !given.isEmpty()) {
      return Path.of(given.split(":", -1)[0], FILE);
    }
    return Files.isDirectory(USUAL_FOLDER) ? USUAL_FOLDER.resolve(FILE) : null;
  }

  /**
   * Makes the folder of a file if it is not there, and checks it.
   *
   * @throws IOException with a sentence and its cure
   */
  static void prepare(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class);
    if (!attributes.isDirectory()) {
      throw new IOException(folder + " is not a folder");
    }
    boolean open =
        attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
            || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
    if (open) {
      throw new IOException(
          "others may write in "
              + folder
              + ", and who can write the state can open doors: chmod 700 "
              + folder);
    }
  }
}

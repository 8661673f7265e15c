package knockgate.gate.hooks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import org.jspecify.annotations.Nullable;

/** Whether a file may be run with the gate's rights. */
public final class HookProgram {
  private HookProgram() {}

  /** What keeps it from being run, as the end of a sentence that begins with its path; null. */
  public static @Nullable String fault(Path program) {
    try {
      PosixFileAttributes file = Files.readAttributes(program, PosixFileAttributes.class);
      if (!file.isRegularFile() || !Files.isExecutable(program)) {
        return "is not a program that can be run";
      }
      if (file.permissions().contains(PosixFilePermission.OTHERS_WRITE)
          || file.permissions().contains(PosixFilePermission.GROUP_WRITE)) {
        return "can be written by others, who would get the gate's rights; chmod go-w it";
      }
      String owner = file.owner().getName();
      if (!owner.equals("root") && !owner.equals(System.getProperty("user.name"))) {
        return "belongs to "
            + owner
            + ", and a gate of another user does not run it; chown root it";
      }
      return null;
    } catch (IOException e) {
      return "cannot be found";
    }
  }
}

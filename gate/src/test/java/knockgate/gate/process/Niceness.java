package knockgate.gate.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How far the calling thread stands back. */
public final class Niceness {
  private Niceness() {}

  /** Field 19 of proc_pid_stat(5), counted from behind the name, which may have blanks. */
  public static int here() {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19 - 3]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

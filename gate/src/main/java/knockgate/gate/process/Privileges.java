package knockgate.gate.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whether the daemon may more than it needs. */
public final class Privileges {
  /** linux/capability.h: 1 &lt;&lt; CAP_NET_ADMIN. */
  private static final long NEEDED = 1L << 12;

  private static final String EFFECTIVE = "CapEff:";

  private Privileges() {}

  /** A warning for people if this process may more than serve queues; else null. */
  public static @Nullable String warning() {
    try {
      return warning(Files.readString(Path.of("/proc/self/status")));
    } catch (IOException e) {
      return null; // Without procfs nobody knows.
    }
  }

  /**
   * The same for a text of {@code /proc/PID/status} (proc(5)). Root whose capabilities were taken
   * away, as in a container, is not warned of.
   */
  static @Nullable String warning(String status) {
    for (String line : status.lines().toList()) {
      if (line.startsWith(EFFECTIVE)
          && (Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16) & ~NEEDED)
              != 0) {
        return "warning: this process may more than the gate needs, which is CAP_NET_ADMIN alone;"
            + " run it as the systemd unit does, as a user of its own";
      }
    }
    return null;
  }
}

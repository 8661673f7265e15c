package knockgate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What a figure means nothing without. */
final class Machine {
  private Machine() {}

  /** One fact a line. */
  static String facts() throws IOException {
    return String.join(
        System.lineSeparator(),
        List.of(
            "version:    " + commit(),
            "time:       " + Instant.now().truncatedTo(ChronoUnit.SECONDS),
            "processors: " + Runtime.getRuntime().availableProcessors() + " x " + processor(),
            "memory:     " + line("/proc/meminfo", "MemTotal").replaceAll("\\s+", " "),
            "kernel:     " + System.getProperty("os.version") + " " + System.getProperty("os.arch"),
            "JVM:        " + System.getProperty("java.vm.version") + ", " + vendor(),
            "large pages: " + read("/sys/kernel/mm/transparent_hugepage/enabled"),
            "load:       "
                + Files.readString(Path.of("/proc/loadavg")).strip()
                + "  (1, 5, 15 minutes; above 0.3 the machine is not quiet)",
            ""));
  }

  /** The checkout's commit, where git knows it, with a + where something was changed. */
  private static String commit() {
    try {
      String commit = Commands.run("git rev-parse --short HEAD").strip();
      return commit + (Commands.run("git status --porcelain -uno").isBlank() ? "" : "+");
    } catch (IOException e) {
      return "not known: no git checkout, or no git";
    }
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      return "none";
    }
  }

  private static String vendor() {
    return System.getProperty("java.vm.name") + ", " + System.getProperty("java.vendor");
  }

  private static String processor() throws IOException {
    return line("/proc/cpuinfo", "model name");
  }

  /** What stands behind the colon of the first such line. */
  private static String line(String file, String name) throws IOException {
    for (String line : Files.readAllLines(Path.of(file))) {
      if (line.startsWith(name)) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return "unknown";
  }
}

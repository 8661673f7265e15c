package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A gate that has nothing to do, counted in how often its threads woke up. */
class IdleIT {
  private static final int SECONDS = 4;

  /** Once a second, and once more because the window begins somewhere within one. */
  private static final long MOST_WAKE_UPS = SECONDS + 1;

  /** The JVM compiles what the start has left behind; that ends. */
  private static final int WINDOWS = 5;

  @Test
  void noThreadWakesMoreThanOnceASecond() throws IOException, InterruptedException {
    try (Scene scene = new Scene(Scene.SSH)) {
      List<Map<String, Long>> windows = new ArrayList<>();
      while (windows.size() < WINDOWS
          && windows.stream().noneMatch(woken -> most(woken) <= MOST_WAKE_UPS)) {
        windows.add(wakeUps(scene.gate().pid()));
      }
      assertThat(windows)
          .as("wake-ups of each thread in %d seconds", SECONDS)
          .anyMatch(woken -> most(woken) <= MOST_WAKE_UPS);
    }
  }

  private static long most(Map<String, Long> woken) {
    return woken.values().stream().mapToLong(Long::longValue).max().orElseThrow();
  }

  /** How often each thread woke up in a window from now on. */
  private static Map<String, Long> wakeUps(long pid) throws IOException, InterruptedException {
    Map<String, Long> before = sleeps(pid);
    Thread.sleep(SECONDS * 1000L);
    Map<String, Long> woken = sleeps(pid);
    woken.replaceAll((thread, count) -> count - before.getOrDefault(thread, 0L));
    return woken;
  }

  /** How often each thread of a process went to sleep by itself so far. */
  private static Map<String, Long> sleeps(long pid) throws IOException {
    Map<String, Long> sleeps = new TreeMap<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads.toList()) {
        String name = thread.getFileName() + " ";
        try {
          for (String line : Files.readAllLines(thread.resolve("status"))) {
            if (line.startsWith("Name:")) {
              name += line.substring(5).strip();
            } else if (line.startsWith("voluntary_ctxt_switches:")) {
              sleeps.put(name, Long.parseLong(line.substring(24).strip()));
            }
          }
        } catch (NoSuchFileException ended) {
          // a compiler thread that the JVM has sent home
        }
      }
    }
    return sleeps;
  }
}

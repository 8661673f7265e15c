package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In threads of their own: what is asked for would stay with them. */
class SchedulingTest {
  private static final Path SCHED = Path.of("/proc/thread-self/sched");

  /** The calling thread's slice in nanoseconds; empty where the kernel does not tell. */
  private static String slice() throws IOException {
    if (!Files.exists(SCHED)) {
      return "";
    }
    for (String line : Files.readAllLines(SCHED)) {
      if (line.startsWith("se.slice ")) { // from Linux 6.12 on
        return line.substring(line.indexOf(':') + 1).trim();
      }
    }
    return "";
  }

  /** Field 19 of proc_pid_stat(5), counted from behind the name, which may have blanks. */
  private static int nice() throws IOException {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19 - 3]);
  }

  private static <T> T inThread(Asking<T> asking) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                answer.complete(asking.ask());
              } catch (Exception | Error e) {
                answer.completeExceptionally(e);
              }
            });
    thread.start();
    return answer.join();
  }

  private interface Asking<T> {
    T ask() throws Exception;
  }

  @Test
  void theThreadsSlicesAreTheShortestFromThenOn() throws IOException {
    String before = inThread(() -> slice());
    String after = inThread(() -> Scheduling.shortenSlices() ? slice() : "refused");
    String another = inThread(() -> slice());
    assertThat(after)
        .isEqualTo(before.isEmpty() ? "" : String.valueOf(Scheduling.SHORTEST_SLICE_NS));
    assertThat(another).isEqualTo(before);
  }

  /** A thread that was made nicer must not become greedier for it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 7})
  void howNiceTheThreadIsStaysAsItWas(int nice) {
    int after =
        inThread(
            () -> {
              LinuxThread thread = NativeLibraries.loadC(LinuxThread.class);
              assertThat(thread.setpriority(0, 0, nice)).isZero();
              assertThat(Scheduling.shortenSlices()).isTrue();
              return nice();
            });
    assertThat(after).isEqualTo(nice);
  }

  @ParameterizedTest
  @CsvSource({"0, 10", "10, 10", "15, 15"})
  void whoStandsBackIsNiceButNoLessThanBefore(int nice, int nicer) {
    int after =
        inThread(
            () -> {
              LinuxThread thread = NativeLibraries.loadC(LinuxThread.class);
              assertThat(thread.setpriority(0, 0, nice)).isZero();
              assertThat(Scheduling.standBack()).isTrue();
              return nice();
            });
    assertThat(after).isEqualTo(nicer);
  }
}

package knockgate.gate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import knockgate.nfq.Scheduling;
import org.junit.jupiter.api.Test;

class BackstageTest {
  @Test
  void workIsDoneByAThreadThatStandsBack() {
    assertThat(Backstage.work("slow", () -> Thread.currentThread().getName())).isEqualTo("slow");
    assertThat(Backstage.<Integer>work("slow", () -> nice(Path.of("/proc/thread-self"))))
        .isEqualTo(Scheduling.NICE);
    assertThat(nice(Path.of("/proc/thread-self"))).as("who waits for it").isZero();
  }

  @Test
  void whatTheWorkThrowsIsThrown() {
    RuntimeException wrong = new IllegalStateException("wrong");
    assertThatThrownBy(() -> Backstage.work("slow", () -> fail(wrong))).isSameAs(wrong);
    StackOverflowError deep = new StackOverflowError("deep");
    assertThatThrownBy(() -> Backstage.work("slow", () -> fail(deep))).isSameAs(deep);
  }

  @Test
  void whoIsInterruptedDoesNotWait() {
    CountDownLatch never = new CountDownLatch(1);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Backstage.work("slow", () -> waitFor(never)))
        .isInstanceOf(CancellationException.class)
        .hasMessage("slow was not waited for");
    assertThat(Thread.interrupted()).isTrue();
    never.countDown();
  }

  private static Object fail(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }

  private static boolean waitFor(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Field 19 of proc_pid_stat(5), counted from behind the name, which may have blanks. */
  private static int nice(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"));
      return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19 - 3]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package knockgate.gate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import knockgate.nfq.Scheduling;
import org.junit.jupiter.api.Test;

class BackstageTest {
  @Test
  void workIsDoneByAThreadThatStandsBack() {
    assertThat(Backstage.work("slow", () -> Thread.currentThread().getName())).isEqualTo("slow");
    assertThat(Backstage.<Integer>work("slow", Niceness::here)).isEqualTo(Scheduling.NICE);
    assertThat(Niceness.here()).as("who waits for it").isZero();
  }

  @Test
  void aThreadMayStandBackForAllItsLife() {
    CompletableFuture<Integer> nice = new CompletableFuture<>();
    new Thread(Backstage.standingBack(() -> nice.complete(Niceness.here())), "slow").start();
    assertThat(nice.join()).isEqualTo(Scheduling.NICE);
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
}

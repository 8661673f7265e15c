package knockgate.rules.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import knockgate.rules.spa.ReplayWindow.Answer;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
  private static final long NOW = 1_774_074_005_300L;
  private static final long HOUR = 3_600_000;

  @Test
  void theSecondTimeIsSeen() {
    ReplayWindow window = new ReplayWindow(64);
    assertThat(window.admit(0x1234_5678_9abc_def0L, NOW + HOUR, NOW)).isEqualTo(Answer.FRESH);
    assertThat(window.admit(0x1234_5678_9abc_def0L, NOW + HOUR, NOW)).isEqualTo(Answer.SEEN);
    assertThat(window.admit(0x1234_5678_9abc_def0L, NOW + HOUR, NOW + HOUR)).isEqualTo(Answer.SEEN);
  }

  @Test
  void itIsNeverForgottenBeforeItsEnd() {
    for (long length = 1; length < 200_000; length += 997) {
      ReplayWindow window = new ReplayWindow(64);
      window.admit(-1, NOW + length, NOW);
      assertThat(window.admit(-1, NOW + length, NOW + length))
          .as("%d ms", length)
          .isEqualTo(Answer.SEEN);
    }
  }

  @Test
  void itIsForgottenWithinTwoUnitsAfterItsEnd() {
    ReplayWindow window = new ReplayWindow(64);
    window.admit(-1, NOW + HOUR, NOW);
    assertThat(window.admit(-1, NOW + 2 * HOUR, NOW + HOUR + 129_000)).isEqualTo(Answer.FRESH);
  }

  @Test
  void fullRefusesTheNewOneAndKeepsTheOld() {
    ReplayWindow window = new ReplayWindow(64);
    List<Long> kept = new ArrayList<>();
    for (long i = 1; i < 1000; i++) {
      long digest = i << 26;
      if (window.admit(digest, NOW + HOUR, NOW) == Answer.FRESH) {
        kept.add(digest);
      }
    }
    assertThat(kept).hasSize(window.capacity());
    assertThat(window.admit(5000L << 26, NOW + HOUR, NOW)).isEqualTo(Answer.FULL);
    for (long digest : kept) {
      assertThat(window.admit(digest, NOW + HOUR, NOW)).isEqualTo(Answer.SEEN);
    }
    assertThat(window.admit(5000L << 26, NOW + 3 * HOUR, NOW + 2 * HOUR)).isEqualTo(Answer.FRESH);
  }

  @Test
  void agreesWithAPlainMapOverTime() {
    long seed = 77;
    SplittableRandom random = new SplittableRandom(seed);
    ReplayWindow window = new ReplayWindow(4096);
    Map<Long, Long> twin = new HashMap<>();
    long now = NOW;
    for (int i = 0; i < 50_000; i++) {
      now += random.nextInt(3000);
      long digest = mix(random.nextInt(2000));
      long end = now + random.nextInt(600_000);
      Long until = twin.get(digest);
      Answer answer = window.admit(digest, end, now);
      if (until != null && now <= until) {
        assertThat(answer).as("seed %d, round %d", seed, i).isEqualTo(Answer.SEEN);
      } else if (until == null || now > until + 128_000) {
        assertThat(answer).as("seed %d, round %d", seed, i).isEqualTo(Answer.FRESH);
      }
      if (answer == Answer.FRESH) {
        twin.put(digest, end);
      }
    }
  }

  @Test
  void anExportFitsAWindowOfAnySize() {
    ReplayWindow small = new ReplayWindow(256);
    for (int i = 0; i < 100; i++) {
      small.admit(mix(i), NOW + (i % 2 == 0 ? HOUR : 1000), NOW);
    }
    long later = NOW + HOUR / 2;
    ReplayWindow large = new ReplayWindow(8192);
    small.export(later, word -> assertThat(large.restore(word, later)).isTrue());
    for (int i = 0; i < 100; i++) {
      Answer expected = i % 2 == 0 ? Answer.SEEN : Answer.FRESH;
      assertThat(large.admit(mix(i), later + HOUR, later)).as("message %d", i).isEqualTo(expected);
    }
  }

  @Test
  void aWordThatHasEndedIsNotRestored() {
    ReplayWindow window = new ReplayWindow(64);
    window.admit(mix(1), NOW + HOUR, NOW);
    ReplayWindow other = new ReplayWindow(64);
    window.export(NOW, word -> assertThat(other.restore(word, NOW + 2 * HOUR)).isFalse());
    assertThat(other.restore(0, NOW)).isFalse();
  }

  @Test
  void threadsThatSendTheSameMessageNeverBothWin() throws InterruptedException {
    int threads = 4;
    int messages = 20_000;
    ReplayWindow window = new ReplayWindow(1 << 17);
    AtomicInteger[] wins = new AtomicInteger[messages];
    for (int i = 0; i < messages; i++) {
      wins[i] = new AtomicInteger();
    }
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Thread thread =
          new Thread(
              () -> {
                await(start);
                for (int i = 0; i < messages; i++) {
                  if (window.admit(mix(i), NOW + HOUR, NOW) == Answer.FRESH) {
                    wins[i].incrementAndGet();
                  }
                }
              });
      thread.start();
      running.add(thread);
    }
    start.countDown();
    for (Thread thread : running) {
      thread.join();
    }
    int lost = 0;
    for (int i = 0; i < messages; i++) {
      assertThat(wins[i].get()).as("message %d", i).isLessThanOrEqualTo(1);
      lost += 1 - wins[i].get();
    }
    assertThat(lost).as("messages that nobody won").isLessThan(messages / 100);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Spreads a number over 64 bits (the finalizer of SplittableRandom). */
  private static long mix(long number) {
    long z = number * 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    return z ^ z >>> 27;
  }
}

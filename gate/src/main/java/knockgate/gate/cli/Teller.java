package knockgate.gate.cli;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has sentences said in order by a thread of its own. Who tells them never waits for a terminal
 * that takes no more, as one does after Ctrl-S.
 */
final class Teller implements AutoCloseable {
  private static final long MOST_AT_END_SECONDS = 5;

  private final Consumer<@Nullable String> out;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread teller = new Thread(work, "teller");
            teller.setDaemon(true);
            return teller;
          });

  /**
   * Nothing is said yet.
   *
   * @param out says a sentence; null = nothing to say
   */
  Teller(Consumer<@Nullable String> out) {
    this.out = out;
  }

  /** Has it said, some time. */
  void tell(@Nullable String sentence) {
    thread.execute(() -> out.accept(sentence));
  }

  /** Waits a while until all is said; what the terminal does not take by then is lost. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      thread.awaitTermination(MOST_AT_END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package knockgate.gate.process;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import knockgate.nfq.NativeException;
import knockgate.nfq.Scheduling;

/**
 * Work that takes a processor for long, while verdicts must not wait for one: it is done by a
 * thread that stands back, see {@link Scheduling}. Not the JVM's compilers: where a flood has a
 * lane at work without pause on the one processor, they would not come to compile its path for a
 * long time.
 */
public final class Backstage {
  private Backstage() {}

  /**
   * Does some work on a thread that stands back, and waits for it.
   *
   * @param name the thread's
   * @return what the work returns
   * @throws CancellationException when the calling thread is interrupted, and stays so; what the
   *     work throws, it throws
   */
  public static <T> T work(String name, Supplier<T> work) {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              standBack();
              return work.get();
            });
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException(name + " was not waited for");
    } catch (ExecutionException e) {
      throw thrown(requireNonNull(e.getCause()));
    }
  }

  /** The same work for a thread that does nothing else, and stands back for all its life. */
  public static Runnable standingBack(Runnable work) {
    return () -> {
      standBack();
      work.run();
    };
  }

  private static RuntimeException thrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (RuntimeException) cause; // a Supplier throws nothing else
  }

  private static void standBack() {
    try {
      Scheduling.standBack();
    } catch (NativeException e) {
      // Then it is work like any other.
    }
  }
}

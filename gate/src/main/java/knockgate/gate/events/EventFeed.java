package knockgate.gate.events;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * From the audit thread to the control socket: the lines of events, while somebody follows them. A
 * follower that is too slow loses lines; the audit thread never waits.
 */
public final class EventFeed {
  private static final int MOST_WAITING = 4096;

  /**
   * One event.
   *
   * @param order its place among all decisions, see {@link Decisions}
   * @param text its line, with its end; only duplicates of it are read
   */
  public record Line(long order, ByteBuffer text) {}

  private final ArrayBlockingQueue<Line> lines = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong lost = new AtomicLong();

  /** Wakes whoever distributes the lines; null = nobody follows. */
  private volatile @Nullable Runnable wake;

  /**
   * From now on lines are kept for {@link #poll}.
   *
   * @param wakeUp called by the audit thread behind each line; must not block
   */
  public void open(Runnable wakeUp) {
    wake = wakeUp;
  }

  /** Nobody follows any more. */
  public void close() {
    wake = null;
    lines.clear();
  }

  /** Whether anybody follows. */
  public boolean isOpen() {
    return wake != null;
  }

  /** Hands on one line, by the audit thread. */
  public void offer(Line line) {
    Runnable wakeUp = wake;
    if (wakeUp != null) {
      if (!lines.offer(line)) {
        lost.getAndIncrement();
      }
      wakeUp.run();
    }
  }

  /** The next line; null = none. */
  public @Nullable Line poll() {
    return lines.poll();
  }

  /** Lines lost since the start because nobody took them in time. */
  public long lost() {
    return lost.get();
  }

  /** Counts lines that did not fit a follower's own buffer. */
  public void countLost(long more) {
    lost.getAndAdd(more);
  }
}

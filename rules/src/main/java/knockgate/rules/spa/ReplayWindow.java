package knockgate.rules.spa;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongConsumer;

/**
 * Remembers authentic messages until they would be refused for their age anyway. Fixed memory,
 * shared by all lanes, no lock. Only messages whose authenticity was shown come here, so nobody
 * without a key can fill it; when it is full all the same, the new message is refused and the old
 * ones stay.
 *
 * <p>For implementers. One long per message, in sets of eight that are chosen by the digest:
 *
 * <pre>
 *   63                        26 25                     0
 *   +---------------------------+-----------------------+
 *   | digest, 38 bits           | end, units of 64 s    |    0 = free; ends fit until the year 2106
 *   +---------------------------+-----------------------+
 * </pre>
 *
 * Two messages share their 38 bits once in 270 thousand million pairs, and then the later one is
 * refused and sent again with other random digits: a false "seen" never opens anything. A slot
 * whose end has passed is free. The word tells its set, so saved words fit a window of any size.
 *
 * <p>Two lanes may admit one message in the same moment. Both claim a slot by compare-and-set, then
 * read the whole set again; as the claims are volatile, at least one of them sees the other, and
 * whoever sees another takes its own claim back and refuses. Both may do so: that message is lost,
 * but none is accepted twice.
 */
public final class ReplayWindow {
  /** What became of a message. */
  public enum Answer {
    /** Not seen before; remembered now. */
    FRESH,
    /** Seen before. */
    SEEN,
    /** Not known, and there is no room to remember it. */
    FULL
  }

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int SET = 8;
  private static final int END_BITS = 26;
  private static final long END_MASK = (1L << END_BITS) - 1;
  private static final long UNIT_MS = 64_000;

  private final long[] words;
  private final int setMask;
  private volatile LongConsumer watcher = word -> {};

  /**
   * @param capacity messages that can be remembered at a time, 8 bytes each; rounded up to a power
   *     of two, 64 at least
   */
  public ReplayWindow(int capacity) {
    int slots = Math.max(64, Integer.highestOneBit(Math.max(1, capacity - 1)) << 1);
    words = new long[slots];
    setMask = slots / SET - 1;
  }

  /**
   * Remembers a message, if it is new.
   *
   * @param digest 64 bits of a cryptographic hash of what makes the message one of a kind
   * @param endMs when the message is too old to be accepted, milliseconds since 1970
   * @param nowMs the wall clock, in the same unit
   */
  public Answer admit(long digest, long endMs, long nowMs) {
    long mine = (digest & ~END_MASK) | units(endMs + UNIT_MS - 1);
    long now = units(nowMs);
    int first = first(mine);
    while (true) {
      int free = -1;
      for (int i = first; i < first + SET; i++) {
        long word = (long) WORD.getVolatile(words, i);
        if (!isLive(word, now)) {
          free = free < 0 ? i : free;
        } else if (isSame(word, mine)) {
          return Answer.SEEN;
        }
      }
      if (free < 0) {
        return Answer.FULL;
      }
      long old = (long) WORD.getVolatile(words, free);
      if (!isLive(old, now) && WORD.compareAndSet(words, free, old, mine)) {
        if (!isAlone(first, free, mine, now)) {
          return Answer.SEEN;
        }
        watcher.accept(mine);
        return Answer.FRESH;
      }
    }
  }

  private boolean isAlone(int first, int own, long mine, long now) {
    for (int i = first; i < first + SET; i++) {
      long word = (long) WORD.getVolatile(words, i);
      if (i != own && isLive(word, now) && isSame(word, mine)) {
        WORD.compareAndSet(words, own, mine, 0L);
        return false;
      }
    }
    return true;
  }

  /**
   * From now on tells the word of every message that is remembered, on the thread that asked for
   * it, before the message has any effect. Must neither allocate nor wait.
   */
  public void watch(LongConsumer by) {
    watcher = by;
  }

  /** Hands over every word that still counts, for the state file; any thread, at any time. */
  public void export(long nowMs, LongConsumer sink) {
    long now = units(nowMs);
    for (int i = 0; i < words.length; i++) {
      long word = (long) WORD.getVolatile(words, i);
      if (isLive(word, now)) {
        sink.accept(word);
      }
    }
  }

  /**
   * Takes back a word that {@link #export} gave, also from a window of another size.
   *
   * @return false where it has ended, was there, or found no room
   */
  public boolean restore(long word, long nowMs) {
    return isLive(word, units(nowMs))
        && admit(word, (word & END_MASK) * UNIT_MS, nowMs) == Answer.FRESH;
  }

  /** How many messages it can hold. */
  public int capacity() {
    return words.length;
  }

  private static long units(long epochMs) {
    return Math.max(0, Math.min(epochMs / UNIT_MS, END_MASK));
  }

  private static boolean isLive(long word, long now) {
    return (word & END_MASK) >= now && word != 0;
  }

  private static boolean isSame(long a, long b) {
    return (a ^ b) >>> END_BITS == 0;
  }

  private int first(long word) {
    return ((int) (word >>> END_BITS) & setMask) * SET;
  }
}

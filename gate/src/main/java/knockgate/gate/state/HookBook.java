package knockgate.gate.state;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import knockgate.rules.words.Prefix;

/**
 * For whom on-open has run and on-close has not: what hooks did that is still to be undone, by this
 * gate or, when it ends before, by the next. Any thread. Bounded by the grants there are.
 */
public final class HookBook {
  /** A door that stands open to somebody, as far as its hooks know. */
  public record Entry(String door, Prefix peer) {}

  /** Hears of every change, on the thread that made it. */
  @FunctionalInterface
  interface Watcher {
    void changed(Entry entry, boolean isOpen);
  }

  private final Set<Entry> open = ConcurrentHashMap.newKeySet();
  private volatile Watcher watcher = (entry, isOpen) -> {};

  /** From now on tells of every change. */
  void watch(Watcher by) {
    watcher = by;
  }

  /** Its on-open is about to run, or there is none. */
  public void opened(Entry entry) {
    if (open.add(entry)) {
      watcher.changed(entry, true);
    }
  }

  /** Its on-close has run, or there is none. */
  public void shut(Entry entry) {
    if (open.remove(entry)) {
      watcher.changed(entry, false);
    }
  }

  /** All that are open now. */
  public Set<Entry> open() {
    return Set.copyOf(open);
  }
}

package knockgate.nfq;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A count that one thread raises and any thread reads, late perhaps but never torn. */
final class SingleWriterCounter {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(SingleWriterCounter.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // Only ever touched through VALUE.
  private long value;

  /** By the owning thread only. */
  void add(long more) {
    VALUE.setOpaque(this, (long) VALUE.getOpaque(this) + more);
  }

  /** By any thread. */
  long get() {
    return (long) VALUE.getOpaque(this);
  }
}

package knockgate.nfq;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Whether the kernel's clock follows a better one (adjtimex(2)). */
public final class KernelClock {
  /**
   * struct timex of 64-bit Linux (linux/timex.h), 208 bytes; asked with modes = 0, nothing changes.
   *
   * <pre>
   *   modes 4 | pad 4 | offset 8 | freq 8 | maxerror 8 | esterror 8 | status 4 | ...
   * </pre>
   */
  private static final int TIMEX = 208;

  private static final int STATUS = 40;

  /** linux/timex.h: the clock is unsynchronised. */
  private static final int STA_UNSYNC = 0x40;

  /** The call. Public only because jnr-ffi writes the class behind it at run time. */
  public interface Calls {
    /** adjtimex(2): the clock's state, or -1 and errno. */
    int adjtimex(byte[] timex);
  }

  private KernelClock() {}

  /**
   * Whether somebody keeps the clock right; true where the kernel does not say.
   *
   * @throws NativeException if the C library cannot be loaded
   */
  public static boolean isSynchronised() throws NativeException {
    byte[] timex = new byte[TIMEX];
    if (NativeLibraries.loadC(Calls.class).adjtimex(timex) < 0) {
      return true;
    }
    int status = ByteBuffer.wrap(timex).order(ByteOrder.nativeOrder()).getInt(STATUS);
    return (status & STA_UNSYNC) == 0;
  }
}

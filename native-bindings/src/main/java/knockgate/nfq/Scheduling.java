package knockgate.nfq;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Which threads come first where there are fewer processors than threads with work. Needs no
 * privilege: a thread may ask to run for less at a time, and to stand back.
 *
 * <p>sched_setattr(2), whose struct is
 *
 * <pre>
 *   size 4 | policy 4 | flags 8 | nice 4 | priority 4 | runtime 8, ns | deadline 8 | period 8
 * </pre>
 *
 * <p>Nothing happens where that is not possible: on an older kernel, behind a filter of system
 * calls, or if the thread runs under another policy than the ordinary one, such as a real-time
 * policy.
 */
public final class Scheduling {
  /** The shortest time slice that the kernel grants, in nanoseconds. */
  public static final long SHORTEST_SLICE_NS = 100_000;

  /** How far those stand back who do: a ninth of the weight of others. */
  public static final int NICE = 10;

  /** SCHED_ATTR_SIZE_VER0 (linux/sched/types.h). */
  private static final int BYTES = 48;

  private static final int POLICY = 4;
  private static final int NICENESS = 16;
  private static final int RUNTIME = 24;
  private static final int SCHED_OTHER = 0;
  private static final int THIS_THREAD = 0;
  private static final int NO_FLAGS = 0;

  /** Numbers of the two calls (asm/unistd.h), where jnr-ffi runs. */
  private record Calls(long set, long get) {
    static @Nullable Calls of(String architecture) {
      return switch (architecture) {
        case "amd64" -> new Calls(314, 315);
        case "aarch64", "riscv64", "loongarch64" -> new Calls(274, 275);
        case "s390x" -> new Calls(345, 346);
        case "ppc64le" -> new Calls(355, 356);
        default -> null;
      };
    }
  }

  private Scheduling() {}

  /**
   * Makes the calling thread's slices the shortest. Who asks for little at a time gets a processor
   * sooner: since Linux 6.12 a thread that wakes takes it from one with longer slices at once,
   * where it would wait for the end of that one's slice, one to three milliseconds. It gets no more
   * of the processor's time for it.
   *
   * @return whether the kernel took it; one before 6.12 does, and makes nothing of it
   * @throws NativeException if the C library cannot be loaded
   */
  public static boolean shortenSlices() throws NativeException {
    return change(attributes -> attributes.putLong(RUNTIME, SHORTEST_SLICE_NS));
  }

  /**
   * Makes the calling thread stand back, for good: to go forward again takes a privilege.
   *
   * @return whether the kernel took it
   * @throws NativeException if the C library cannot be loaded
   */
  public static boolean standBack() throws NativeException {
    return change(
        attributes -> attributes.putInt(NICENESS, Math.max(NICE, attributes.getInt(NICENESS))));
  }

  /** Reads the thread's attributes first, for what is not to be changed. */
  private static boolean change(Consumer<ByteBuffer> change) throws NativeException {
    Calls calls = Calls.of(System.getProperty("os.arch", ""));
    if (calls == null) {
      return false;
    }
    NativeLibraries libraries = NativeLibraries.get();
    ByteBuffer attributes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
    long address = Pointer.wrap(libraries.runtime(), attributes).address();
    LibC c = libraries.c();
    try {
      if (c.syscall(calls.get, THIS_THREAD, address, BYTES, NO_FLAGS) != 0
          || attributes.getInt(POLICY) != SCHED_OTHER) {
        return false;
      }
      change.accept(attributes);
      return c.syscall(calls.set, THIS_THREAD, address, NO_FLAGS, 0) == 0;
    } finally {
      Reference.reachabilityFence(attributes);
    }
  }
}

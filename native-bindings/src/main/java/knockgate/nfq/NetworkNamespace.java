package knockgate.nfq;

import java.nio.file.Path;
import jnr.ffi.LastError;
import jnr.ffi.Runtime;
import knockgate.nfq.NativeException.Kind;

/** Standing in another network namespace, which is a matter of each thread (setns(2)). */
public final class NetworkNamespace {
  /** linux/sched.h. */
  private static final int CLONE_NEWNET = 0x4000_0000;

  /** fcntl.h, the same on every 64-bit architecture that jffi serves. */
  private static final int O_RDONLY = 0;

  /** The calls. Public only because jnr-ffi writes the class behind it at run time. */
  public interface Calls {
    /** open(2) of a file that is there: a descriptor, or -1 and errno. */
    int open(String path, int flags);

    /** setns(2): 0, or -1 and errno. */
    int setns(int fd, int kind);

    /** close(2). */
    int close(int fd);
  }

  private NetworkNamespace() {}

  /**
   * Moves the calling thread into a namespace for good. Its sockets, its threads and the programs
   * it starts from now on are in there too.
   *
   * @param file such as {@code /run/netns/NAME}
   * @throws NativeException PERMISSION without CAP_SYS_ADMIN, OTHER if there is no such namespace
   */
  public static void enter(Path file) throws NativeException {
    Calls c = NativeLibraries.loadC(Calls.class);
    int fd = c.open(file.toString(), O_RDONLY);
    if (fd < 0) {
      throw new NativeException(Kind.OTHER, "open " + file, errno(c), "");
    }
    int entered = c.setns(fd, CLONE_NEWNET);
    int errno = errno(c);
    c.close(fd);
    if (entered < 0) {
      throw new NativeException(Kind.PERMISSION, "enter " + file, errno, "run it as root");
    }
  }

  private static int errno(Calls c) {
    return LastError.getLastError(Runtime.getRuntime(c));
  }
}

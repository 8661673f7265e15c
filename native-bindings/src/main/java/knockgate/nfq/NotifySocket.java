package knockgate.nfq;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jnr.ffi.LastError;
import jnr.ffi.Runtime;
import knockgate.nfq.NativeException.Kind;

/**
 * Sends datagrams to a Unix socket, such as that of the service manager (sd_notify(3)); Java has no
 * Unix datagrams. Any thread.
 */
public final class NotifySocket implements AutoCloseable {
  // sys/socket.h; the same on every 64-bit architecture that jffi serves.
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** sys/un.h: bytes of sun_path; a path needs a zero at its end. */
  private static final int MOST_PATH = 108;

  private final LibCSockets c;
  private final int fd;

  private NotifySocket(LibCSockets c, int fd) {
    this.c = c;
    this.fd = fd;
  }

  /**
   * Opens a socket towards an address.
   *
   * @param address absolute path, or {@code @name} in the abstract namespace
   * @throws NativeException OTHER if nobody is there, or the address is neither
   */
  public static NotifySocket open(String address) throws NativeException {
    byte[] struct = socketAddress(address);
    LibCSockets c = NativeLibraries.loadC(LibCSockets.class);
    int fd = c.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      throw new NativeException(Kind.OTHER, "open a socket for " + address, errno(c), "");
    }
    if (c.connect(fd, struct, struct.length) < 0) {
      int errno = errno(c);
      c.close(fd);
      throw new NativeException(Kind.OTHER, "reach " + address, errno, "");
    }
    return new NotifySocket(c, fd);
  }

  /**
   * The struct of connect (unix(7)). An abstract name ends where the struct ends.
   *
   * <pre>
   *   sockaddr_un   family 2 | path, then a zero   or   zero, then name
   * </pre>
   */
  static byte[] socketAddress(String address) throws NativeException {
    byte[] path = address.getBytes(StandardCharsets.UTF_8);
    boolean isAbstract = address.startsWith("@");
    if ((!isAbstract && !address.startsWith("/")) || path.length >= MOST_PATH) {
      throw new NativeException(
          Kind.UNSUPPORTED, "reach " + address, 0, "give an absolute path or @name");
    }
    ByteBuffer struct =
        ByteBuffer.allocate(Short.BYTES + path.length + (isAbstract ? 0 : 1))
            .order(ByteOrder.nativeOrder());
    struct.putShort((short) AF_UNIX).put(path);
    if (isAbstract) {
      struct.put(Short.BYTES, (byte) 0);
    }
    return struct.array();
  }

  /**
   * Sends one datagram; waits as long as the receiver has no room.
   *
   * @throws NativeException if it is gone
   */
  public void send(String text) throws NativeException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (c.send(fd, bytes, bytes.length, MSG_NOSIGNAL) < 0) {
      throw new NativeException(Kind.OTHER, "notify the service manager", errno(c), "");
    }
  }

  private static int errno(LibCSockets c) {
    return LastError.getLastError(Runtime.getRuntime(c));
  }

  @Override
  public void close() {
    c.close(fd);
  }
}

package knockgate.gate.e2e;

import java.nio.ByteBuffer;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.byref.IntByReference;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The calls of the C library that a test needs to stand inside another network namespace, to see
 * whether a SYN was sent twice, and to forge frames. Java's own sockets can do none of the three.
 */
public interface Sys {
  /** The C library of this process. */
  Sys C = LibraryLoader.create(Sys.class).load("c");

  int AF_UNIX = 1;
  int AF_INET = 2;
  int AF_INET6 = 10;
  int AF_PACKET = 17;
  int SOCK_STREAM = 1;
  int SOCK_DGRAM = 2;
  int SOCK_RAW = 3;
  int SOCK_NONBLOCK = 0x800;
  int SOCK_CLOEXEC = 0x80000;
  int SOL_SOCKET = 1;
  int SO_REUSEADDR = 2;
  int SO_RCVTIMEO = 20;
  int SO_SNDTIMEO = 21;
  int IPPROTO_TCP = 6;
  int TCP_INFO = 11;
  int IPPROTO_IPV6 = 41;
  int IPV6_V6ONLY = 26;
  int SHUT_RDWR = 2;
  int MSG_NOSIGNAL = 0x4000;
  int O_RDONLY = 0;
  int CLONE_NEWNET = 0x40000000;
  int EINPROGRESS = 115;

  int open(@In String path, int flags);

  int close(int fd);

  int setns(int fd, int kind);

  int socket(int family, int type, int protocol);

  int bind(int fd, @In byte[] address, int length);

  int connect(int fd, @In byte[] address, int length);

  int listen(int fd, int backlog);

  int accept(int fd, long address, long length);

  int shutdown(int fd, int how);

  int setsockopt(int fd, int level, int option, @In byte[] value, int length);

  int getsockopt(int fd, int level, int option, @Out byte[] value, IntByReference length);

  @ssize_t
  long send(int fd, @In byte[] bytes, @size_t long length, int flags);

  /** For the flood: a direct buffer is not copied; its whole capacity up to {@code length}. */
  @ssize_t
  long send(int fd, @In ByteBuffer bytes, @size_t long length, int flags);

  @ssize_t
  long recv(int fd, @Out byte[] bytes, @size_t long length, int flags);

  /** syscall(2), for what the C library has no name for. */
  long syscall(long number, long a, long b, long c);

  long ptrace(int request, int pid, long address, long data);

  int if_nametoindex(@In String name);

  /** The errno of this thread's last call above. */
  static int errno() {
    return LastError.getLastError(Runtime.getRuntime(C));
  }

  /**
   * {@code result}, if the call did not fail.
   *
   * @throws IllegalStateException with the errno if it did
   */
  static int check(String operation, long result) {
    if (result < 0) {
      throw new IllegalStateException(
          operation + ": " + jnr.constants.platform.Errno.valueOf(errno()).description());
    }
    return (int) result;
  }
}

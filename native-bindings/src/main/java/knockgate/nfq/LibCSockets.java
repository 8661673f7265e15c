package knockgate.nfq;

import jnr.ffi.annotations.In;
import jnr.ffi.types.size_t;
import jnr.ffi.types.socklen_t;
import jnr.ffi.types.ssize_t;

/**
 * The calls of the C library behind {@link EchoSocket}, apart from {@link LibC} so that the daemon
 * need not link them. Public only because jnr-ffi writes the class behind it at run time, in
 * another package.
 */
public interface LibCSockets {
  /** socket(2): a descriptor, or -1 and errno. */
  int socket(int family, int type, int protocol);

  /** bind(2): 0, or -1 and errno. */
  int bind(int fd, @In byte[] address, @socklen_t int length);

  /** connect(2): 0, or -1 and errno. */
  int connect(int fd, @In byte[] address, @socklen_t int length);

  /** send(2): bytes sent, or -1 and errno. */
  @ssize_t
  long send(int fd, @In byte[] bytes, @size_t long length, int flags);

  /** close(2). */
  int close(int fd);
}

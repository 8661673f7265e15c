package knockgate.nfq;

/**
 * The calls of the C library behind {@link EchoSocket}, apart from {@link LibC} so that the daemon
 * need not link them. Public only because jnr-ffi writes the class behind it at run time, in
 * another package.
 */
public interface LibCSockets {
  /** socket(2): a descriptor, or -1 and errno. */
  int socket(int family, int type, int protocol);

  /** bind(2): 0, or -1 and errno. */
  int bind(int fd, byte[] address, int length);

  /** connect(2): 0, or -1 and errno. */
  int connect(int fd, byte[] address, int length);

  /** send(2): bytes sent, or -1 and errno. */
  long send(int fd, byte[] bytes, long length, int flags);

  /** close(2). */
  int close(int fd);
}

package knockgate.nfq;

/**
 * The calls of the C library that carry the traffic. Public only because jnr-ffi writes the class
 * behind it at run time, in another package.
 *
 * <p>No call may have more than five arguments: jnr-ffi corrupts the sixth integer argument on
 * x86-64. That is why verdicts leave by {@code send} and not by {@code sendto}. Buffers are
 * addresses of direct memory that the caller keeps reachable: that makes no garbage.
 *
 * <p>Plain types only, here and in the other interfaces for jnr-ffi: on 64-bit Linux, and only
 * there do we start, {@code long} is C's size_t, ssize_t and address, {@code int} its 32-bit types,
 * and an array goes in and out. Each kind of annotation would cost a start one or two milliseconds.
 */
public interface LibC {
  /** send(2): bytes sent, or -1 and errno. On netlink the kernel takes a message whole or not. */
  long send(int fd, long buffer, long length, int flags);

  /** recv(2): bytes of one message, or -1 and errno. */
  long recv(int fd, long buffer, long length, int flags);

  /** recvmmsg(2): messages received, or -1 and errno. A timeout of 0 (null) waits for ever. */
  int recvmmsg(int fd, long messages, int count, int flags, long timeoutAddress);

  /** setsockopt(2): 0, or -1 and errno. */
  int setsockopt(int fd, int level, int option, int[] value, int length);

  /** getsockopt(2): 0, or -1 and errno. */
  int getsockopt(int fd, int level, int option, int[] value, int[] length);

  /** getsockname(2), of a netlink socket: 0, or -1 and errno. The address is a sockaddr_nl. */
  int getsockname(int fd, int[] address, int[] length);

  /**
   * syscall(2), for calls that the C library has no function for: 0 or more, or -1 and errno. The
   * arguments are those of sched_getattr(2) and sched_setattr(2), which take one less.
   */
  long syscall(long number, int thread, long attributes, int third, int fourth);
}

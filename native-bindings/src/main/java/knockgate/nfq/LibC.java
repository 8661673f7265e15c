package knockgate.nfq;

import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.intptr_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.socklen_t;
import jnr.ffi.types.ssize_t;
import jnr.ffi.types.u_int32_t;

/**
 * The calls of the C library that carry the traffic. Public only because jnr-ffi writes the class
 * behind it at run time, in another package.
 *
 * <p>No call may have more than five arguments: jnr-ffi corrupts the sixth integer argument on
 * x86-64. That is why verdicts leave by {@code send} and not by {@code sendto}. Buffers are
 * addresses of direct memory that the caller keeps reachable: that makes no garbage.
 */
public interface LibC {
  /** send(2): bytes sent, or -1 and errno. On netlink the kernel takes a message whole or not. */
  @ssize_t
  long send(int fd, @intptr_t long buffer, @size_t long length, int flags);

  /** recv(2): bytes of one message, or -1 and errno. */
  @ssize_t
  long recv(int fd, @intptr_t long buffer, @size_t long length, int flags);

  /** recvmmsg(2): messages received, or -1 and errno. A timeout of 0 (null) waits for ever. */
  int recvmmsg(
      int fd,
      @intptr_t long messages,
      @u_int32_t int count,
      int flags,
      @intptr_t long timeoutAddress);

  /** setsockopt(2): 0, or -1 and errno. */
  int setsockopt(int fd, int level, int option, @In int[] value, @socklen_t int length);

  /** getsockopt(2): 0, or -1 and errno. */
  int getsockopt(int fd, int level, int option, @Out int[] value, @In @Out int[] length);

  /**
   * syscall(2), for calls that the C library has no function for: 0 or more, or -1 and errno. The
   * arguments are those of sched_getattr(2) and sched_setattr(2), which take one less.
   */
  @ssize_t
  long syscall(
      @ssize_t long number,
      int thread,
      @intptr_t long attributes,
      @u_int32_t int third,
      @u_int32_t int fourth);
}

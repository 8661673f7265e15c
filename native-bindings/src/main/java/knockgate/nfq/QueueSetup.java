package knockgate.nfq;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import jnr.constants.platform.Errno;
import jnr.ffi.Pointer;

/**
 * Opens a queue, in the one order that loses nothing: socket, bind, length, flags, receive buffer,
 * and the copy mode last, because packets arrive from then on.
 *
 * <p>The library does all of it but the copy mode. {@code nfq_set_mode} waits for its
 * acknowledgement, and a packet that comes before that is thrown away without a verdict and makes
 * the call fail (measured under a flood: one time in a thousand). So the copy mode is asked for by
 * a message of our own, whose answer is only peeked at: whatever comes first stays in the socket
 * unless it is that answer.
 */
final class QueueSetup {
  /**
   * A new socket may get the port of one just closed, and with it a last packet of the old queue,
   * which the library takes for an answer; a holder that is in our way may die as we look. Both
   * pass, so what cannot be explained is tried again.
   */
  private static final int TRIES = 3;

  /** sockaddr_nl (linux/netlink.h) in integers: family and padding, port id, groups. */
  private static final int NAME_INTS = 3;

  private static final int NAME_PORT = 1;

  /** Room for any answer to a request of 32 bytes. */
  private static final int ANSWER_BYTES = 256;

  /**
   * A queue that is bound, and what the kernel has given it.
   *
   * @param handle of the library; the caller's to close
   * @param receiveBufferBytes as asked for; the kernel books twice as much
   * @param portId netlink port of the socket
   */
  record Opened(Pointer handle, int fd, int receiveBufferBytes, long portId) {}

  private final NativeLibraries libraries;
  private final QueueOptions options;
  private final Refusal refusal;

  private QueueSetup(NativeLibraries libraries, QueueOptions options) {
    this.libraries = libraries;
    this.options = options;
    refusal = new Refusal(Path.of("/proc"), options.number());
  }

  /** Opens a queue. */
  static Opened open(NativeLibraries libraries, QueueOptions options) throws NativeException {
    QueueSetup setup = new QueueSetup(libraries, options);
    for (int attempt = 1; ; attempt++) {
      try {
        return setup.tryOpen();
      } catch (NativeException e) {
        if (e.kind() != NativeException.Kind.OTHER || attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  private Opened tryOpen() throws NativeException {
    Pointer handle = libraries.queue().nfq_open();
    if (handle == null) {
      throw refused("open a netfilter socket for");
    }
    try {
      int fd = libraries.queue().nfq_fd(handle);
      configure(handle, fd);
      return new Opened(handle, fd, receiveBufferBytes(fd), portId(fd));
    } catch (NativeException | RuntimeException e) {
      libraries.queue().nfq_close(handle);
      throw e;
    }
  }

  private void configure(Pointer handle, int fd) throws NativeException {
    LibNetfilterQueue library = libraries.queue();
    Pointer queue = library.nfq_create_queue(handle, options.number(), null, null);
    if (queue == null) {
      throw refused("bind");
    }
    if (library.nfq_set_queue_maxlen(queue, options.length()) < 0) {
      throw refused("set the length of");
    }
    if (library.nfq_set_queue_flags(queue, options.flagMask(), options.flags()) < 0) {
      throw refused("set the flags of");
    }
    growReceiveBuffer(fd);
    startCopying(fd);
  }

  /** Above the system's limit where we are root; within it where root is only the container's. */
  private void growReceiveBuffer(int fd) throws NativeException {
    int[] bytes = {options.receiveBufferBytes()};
    LibC c = libraries.c();
    if (c.setsockopt(fd, Netlink.SOL_SOCKET, Netlink.SO_RCVBUFFORCE, bytes, Integer.BYTES) < 0
        && c.setsockopt(fd, Netlink.SOL_SOCKET, Netlink.SO_RCVBUF, bytes, Integer.BYTES) < 0) {
      throw refused("set the receive buffer of");
    }
  }

  private int receiveBufferBytes(int fd) throws NativeException {
    int[] bytes = {0};
    int[] length = {Integer.BYTES};
    if (libraries.c().getsockopt(fd, Netlink.SOL_SOCKET, Netlink.SO_RCVBUF, bytes, length) < 0) {
      throw refused("read the receive buffer of");
    }
    return bytes[0] / 2;
  }

  private long portId(int fd) throws NativeException {
    int[] name = new int[NAME_INTS];
    int[] length = {NAME_INTS * Integer.BYTES};
    if (libraries.c().getsockname(fd, name, length) < 0) {
      throw refused("read the netlink port of");
    }
    return Integer.toUnsignedLong(name[NAME_PORT]);
  }

  /** When send returns, the kernel has done it: only the answer, good or bad, may be late. */
  private void startCopying(int fd) throws NativeException {
    ByteBuffer request = ConfigMessage.copyPackets(options.number(), options.copyRange());
    ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER_BYTES).order(ByteOrder.nativeOrder());
    PacketMessage message = new PacketMessage(answer, answer.duplicate(), 0);
    if (libraries.c().send(fd, address(request), request.capacity(), 0) < 0) {
      throw refused("set the copy mode of");
    }
    receive(fd, answer, Netlink.MSG_PEEK, message);
    if (!message.isError()) {
      return; // A packet, so we are copying. The answer is behind it, and the reader skips it.
    }
    receive(fd, answer, 0, message);
    if (message.error() != 0) {
      throw refusal.explain("set the copy mode of queue " + options.number(), message.error());
    }
  }

  private void receive(int fd, ByteBuffer into, int flags, PacketMessage message)
      throws NativeException {
    long length;
    while ((length = libraries.c().recv(fd, address(into), into.capacity(), flags)) < 0) {
      int errno = libraries.errno();
      if (errno != Errno.EINTR.intValue() && errno != Errno.ENOBUFS.intValue()) {
        throw refused("set the copy mode of");
      }
    }
    message.wrap((int) length, true);
  }

  private long address(ByteBuffer direct) {
    return Pointer.wrap(libraries.runtime(), direct).address();
  }

  /** After a call that failed, and before any other native call of this thread. */
  private NativeException refused(String verb) {
    return refusal.explain(verb + " queue " + options.number(), libraries.errno());
  }
}

package knockgate.nfq;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.constants.platform.Errno;
import jnr.ffi.Pointer;
import knockgate.nfq.NativeException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Opens a queue, in the one order that loses nothing: socket, bind, length, flags, receive buffer,
 * and the copy mode last, because packets arrive from then on.
 *
 * <p>The library does all of it but the copy mode. {@code nfq_set_mode} waits for its
 * acknowledgement, and a packet that comes before that is thrown away without a verdict and makes
 * the call fail (libnfnetlink hands it to the callback that is not there). So the copy mode is
 * asked for by a message of our own, whose answer is only peeked at: whatever comes first stays in
 * the socket unless it is that answer.
 */
final class QueueSetup {
  private static final Path PROC = Path.of("/proc");

  /** linux/capability.h: CAP_NET_ADMIN. */
  private static final int CAP_NET_ADMIN = 12;

  private static final int PEEK_BYTES = 256;

  private final NativeLibraries libraries;
  private final QueueOptions options;

  private QueueSetup(NativeLibraries libraries, QueueOptions options) {
    this.libraries = libraries;
    this.options = options;
  }

  /** Opens a queue; the handle is the caller's to close. */
  static Pointer open(NativeLibraries libraries, QueueOptions options) throws NativeException {
    QueueSetup setup = new QueueSetup(libraries, options);
    Pointer handle = libraries.queue().nfq_open();
    if (handle == null) {
      throw setup.refused("open a netfilter socket", libraries.errno());
    }
    try {
      setup.configure(handle);
      return handle;
    } catch (NativeException | RuntimeException e) {
      libraries.queue().nfq_close(handle);
      throw e;
    }
  }

  private void configure(Pointer handle) throws NativeException {
    LibNetfilterQueue library = libraries.queue();
    int fd = library.nfq_fd(handle);
    Pointer queue = bind(handle);
    if (library.nfq_set_queue_maxlen(queue, options.length()) < 0) {
      throw refused("set the length of " + queue(), libraries.errno());
    }
    int mask = Netlink.NFQA_CFG_F_GSO | Netlink.NFQA_CFG_F_FAIL_OPEN;
    int flags = options.failOpen() ? mask : Netlink.NFQA_CFG_F_GSO;
    if (library.nfq_set_queue_flags(queue, mask, flags) < 0) {
      throw refused("set the flags of " + queue(), libraries.errno());
    }
    growReceiveBuffer(fd);
    startCopying(fd);
  }

  /** A holder that dies between the refusal and our look is no holder: then one more try. */
  private Pointer bind(Pointer handle) throws NativeException {
    for (int attempt = 1; ; attempt++) {
      Pointer queue = libraries.queue().nfq_create_queue(handle, options.number(), null, null);
      if (queue != null) {
        return queue;
      }
      int errno = libraries.errno();
      NativeException refusal = refused("bind " + queue(), errno);
      boolean holderGone =
          errno == Errno.EPERM.intValue() && refusal.kind() == Kind.OTHER && attempt == 1;
      if (!holderGone) {
        throw refusal;
      }
    }
  }

  /**
   * Forced above the system's limit where root may; within it where root is only the container's.
   */
  private void growReceiveBuffer(int fd) throws NativeException {
    int[] bytes = {options.receiveBufferBytes()};
    LibC c = libraries.c();
    if (c.setsockopt(fd, Netlink.SOL_SOCKET, Netlink.SO_RCVBUFFORCE, bytes, Integer.BYTES) < 0
        && c.setsockopt(fd, Netlink.SOL_SOCKET, Netlink.SO_RCVBUF, bytes, Integer.BYTES) < 0) {
      throw refused("set the receive buffer of " + queue(), libraries.errno());
    }
  }

  private void startCopying(int fd) throws NativeException {
    ByteBuffer request = ConfigMessage.copyPackets(options.number(), options.copyRange());
    LibC c = libraries.c();
    if (c.send(fd, address(request), request.capacity(), 0) < 0) {
      throw refused("set the copy mode of " + queue(), libraries.errno());
    }
    ByteBuffer answer = ByteBuffer.allocateDirect(PEEK_BYTES).order(ByteOrder.nativeOrder());
    PacketMessage message =
        new PacketMessage(answer, answer.duplicate().order(ByteOrder.BIG_ENDIAN), 0);
    receive(fd, answer, Netlink.MSG_PEEK, message);
    if (!message.isError()) {
      return; // A packet: so we are copying. The answer comes behind it, and the reader skips it.
    }
    receive(fd, answer, 0, message);
    if (message.error() != 0) {
      throw refused("set the copy mode of " + queue(), message.error());
    }
  }

  private void receive(int fd, ByteBuffer into, int flags, PacketMessage message)
      throws NativeException {
    long length;
    while ((length = libraries.c().recv(fd, address(into), into.capacity(), flags)) < 0) {
      int errno = libraries.errno();
      boolean passing = errno == Errno.EINTR.intValue() || errno == Errno.ENOBUFS.intValue();
      if (!passing) {
        throw refused("set the copy mode of " + queue(), errno);
      }
    }
    message.wrap((int) length, true);
  }

  private long address(ByteBuffer direct) {
    return Pointer.wrap(libraries.runtime(), direct).address();
  }

  private String queue() {
    return "queue " + options.number();
  }

  private NativeException refused(String operation, int errno) {
    Errno name = Errno.valueOf(errno);
    return switch (name) {
      case EPERM, EACCES, EBUSY -> notAllowed(operation, errno);
      case EINVAL, EOPNOTSUPP, EPROTONOSUPPORT, EAFNOSUPPORT, ENOSYS ->
          new NativeException(
              Kind.UNSUPPORTED,
              operation,
              errno,
              "this kernel lacks NFQUEUE: load the module with modprobe nfnetlink_queue, or use a"
                  + " kernel with CONFIG_NETFILTER_NETLINK_QUEUE");
      default -> new NativeException(Kind.OTHER, operation, errno, "");
    };
  }

  /** The kernel says EPERM both without the capability and for a queue of another socket. */
  private NativeException notAllowed(String operation, int errno) {
    if (!hasCapability()) {
      return new NativeException(
          Kind.PERMISSION,
          operation,
          errno,
          "needs CAP_NET_ADMIN: run as root, or with AmbientCapabilities=CAP_NET_ADMIN in the"
              + " systemd unit, or --cap-add NET_ADMIN for a container");
    }
    QueueOwner owner;
    try {
      owner = QueueOwner.find(PROC, options.number());
    } catch (IOException e) {
      return new NativeException(
          Kind.BUSY,
          operation,
          errno,
          "another process seems to hold the queue; root can see which in"
              + " /proc/net/netfilter/nfnetlink_queue");
    }
    return owner == null ? unexplained(operation, errno) : busy(operation, errno, owner);
  }

  private static NativeException busy(String operation, int errno, QueueOwner owner) {
    return new NativeException(
        Kind.BUSY,
        operation,
        errno,
        "the queue belongs to " + owner + "; stop that, or choose another queue number");
  }

  private static NativeException unexplained(String operation, int errno) {
    return new NativeException(
        Kind.OTHER,
        operation,
        errno,
        "CAP_NET_ADMIN is there and the queue is free; is this network namespace owned by another"
            + " user namespace?");
  }

  private static boolean hasCapability() {
    String status;
    try {
      status = Files.readString(PROC.resolve("thread-self/status"));
    } catch (IOException e) {
      return true; // No procfs: then the answer is about the queue, as far as anybody can tell.
    }
    @Nullable String effective =
        status
            .lines()
            .filter(line -> line.startsWith("CapEff:"))
            .map(line -> line.substring("CapEff:".length()).strip())
            .findFirst()
            .orElse(null);
    return effective == null || (Long.parseUnsignedLong(effective, 16) >>> CAP_NET_ADMIN & 1) == 1;
  }
}

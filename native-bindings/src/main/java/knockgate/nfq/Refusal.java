package knockgate.nfq;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.constants.platform.Errno;
import knockgate.nfq.NativeException.Kind;

/**
 * Why the kernel refused to set a queue up, and the cure. EPERM is the hard one: the kernel gives
 * it both to whoever lacks the capability and for a queue that another socket holds
 * (net/netfilter/nfnetlink_queue.c, nfqnl_recv_config), so procfs is asked which it was.
 *
 * @param proc where procfs is mounted
 * @param queue NFQUEUE number
 */
record Refusal(Path proc, int queue) {
  /** linux/capability.h: CAP_NET_ADMIN. */
  private static final int CAP_NET_ADMIN = 12;

  private static final String EFFECTIVE = "CapEff:";

  /** The exception for an errno of a set-up call. */
  NativeException explain(String operation, int errno) {
    return switch (Errno.valueOf(errno)) {
      case EPERM, EACCES, EBUSY -> notAllowed(operation, errno);
      case EINVAL, ENOTSUP, EOPNOTSUPP, EPROTONOSUPPORT, EAFNOSUPPORT, ENOSYS ->
          new NativeException(
              Kind.UNSUPPORTED,
              operation,
              errno,
              "this kernel lacks NFQUEUE: modprobe nfnetlink_queue, or take a kernel with"
                  + " CONFIG_NETFILTER_NETLINK_QUEUE");
      default -> new NativeException(Kind.OTHER, operation, errno, "");
    };
  }

  private NativeException notAllowed(String operation, int errno) {
    if (!hasCapability()) {
      return new NativeException(
          Kind.PERMISSION,
          operation,
          errno,
          "needs CAP_NET_ADMIN: run as root, or with AmbientCapabilities=CAP_NET_ADMIN in the"
              + " systemd unit, or --cap-add NET_ADMIN for a container");
    }
    return held(operation, errno);
  }

  /** Who is refused although the capability is there. */
  private NativeException held(String operation, int errno) {
    try {
      QueueOwner owner = QueueOwner.find(proc, queue);
      return owner == null
          ? new NativeException(
              Kind.OTHER,
              operation,
              errno,
              "CAP_NET_ADMIN is there and the queue is free; does this network namespace belong to"
                  + " another user namespace?")
          : new NativeException(
              Kind.BUSY,
              operation,
              errno,
              "the queue belongs to " + owner + "; stop that, or choose another queue number");
    } catch (IOException e) {
      return new NativeException(
          Kind.BUSY,
          operation,
          errno,
          "another process seems to hold the queue; root can see which in"
              + " /proc/net/netfilter/nfnetlink_queue",
          e);
    }
  }

  /** Of this thread. Without procfs it is taken as there: then the errno is about the queue. */
  private boolean hasCapability() {
    try {
      return Files.readString(proc.resolve("thread-self/status"))
          .lines()
          .filter(line -> line.startsWith(EFFECTIVE))
          .map(line -> Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16))
          .allMatch(set -> (set >>> CAP_NET_ADMIN & 1) == 1);
    } catch (IOException e) {
      return true;
    }
  }
}

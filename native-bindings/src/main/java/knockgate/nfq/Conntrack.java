package knockgate.nfq;

import static knockgate.nfq.Netlink.NFGENMSG_FAMILY;
import static knockgate.nfq.Netlink.NFNL_ATTRIBUTES;
import static knockgate.nfq.Netlink.NLMSGERR_ERROR;
import static knockgate.nfq.Netlink.NLMSG_ERROR;
import static knockgate.nfq.Netlink.NLMSG_FLAGS;
import static knockgate.nfq.Netlink.NLMSG_HDRLEN;
import static knockgate.nfq.Netlink.NLMSG_LEN;
import static knockgate.nfq.Netlink.NLMSG_TYPE;
import static knockgate.nfq.Netlink.NLM_F_ACK;
import static knockgate.nfq.Netlink.NLM_F_REQUEST;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import jnr.constants.platform.Errno;
import jnr.ffi.Pointer;
import knockgate.nfq.NativeException.Kind;

/**
 * The kernel's table of connections, by ctnetlink (linux/netfilter/nfnetlink_conntrack.h): looks
 * through it, and has entries forgotten. Used by one thread, far from the packet path.
 */
public final class Conntrack implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SO_RCVTIMEO = 20;
  private static final int NLMSG_DONE = 3;
  private static final int NLM_F_DUMP = 0x300;

  private static final int NFNL_SUBSYS_CTNETLINK = 1;
  private static final int IPCTNL_MSG_CT_GET = NFNL_SUBSYS_CTNETLINK << 8 | 1;
  private static final int IPCTNL_MSG_CT_DELETE = NFNL_SUBSYS_CTNETLINK << 8 | 2;
  private static final int IPCTNL_MSG_CT_GET_STATS = NFNL_SUBSYS_CTNETLINK << 8 | 5;

  /** What the kernel fills at most in one go. */
  private static final int BUFFER_BYTES = 1 << 16;

  /** A kernel that does not answer for so long never will. */
  private static final int PATIENCE_S = 5;

  private final NativeLibraries libraries;
  private final LibCSockets sockets;
  private final int fd;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.nativeOrder());

  private Conntrack(NativeLibraries libraries, LibCSockets sockets, int fd) {
    this.libraries = libraries;
    this.sockets = sockets;
    this.fd = fd;
  }

  /**
   * Opens it, and asks the kernel for a word.
   *
   * @throws NativeException PERMISSION without CAP_NET_ADMIN, UNSUPPORTED where the kernel has no
   *     ctnetlink
   */
  public static Conntrack open() throws NativeException {
    NativeLibraries libraries = NativeLibraries.get();
    LibCSockets sockets = NativeLibraries.loadC(LibCSockets.class);
    int fd = sockets.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, Netlink.NETLINK_NETFILTER);
    if (fd < 0) {
      throw refused("open a netlink socket", libraries.errno());
    }
    Conntrack conntrack = new Conntrack(libraries, sockets, fd);
    try {
      conntrack.limitPatience();
      conntrack.requireAnswer();
      return conntrack;
    } catch (NativeException e) {
      conntrack.close();
      throw e;
    }
  }

  /** struct timeval: two C longs, here as four ints. */
  private void limitPatience() throws NativeException {
    int[] timeval = new int[4];
    timeval[ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0 : 1] = PATIENCE_S;
    int length = timeval.length * Integer.BYTES;
    if (libraries.c().setsockopt(fd, Netlink.SOL_SOCKET, SO_RCVTIMEO, timeval, length) < 0) {
      throw refused("set a timeout", libraries.errno());
    }
  }

  private void requireAnswer() throws NativeException {
    send(request(IPCTNL_MSG_CT_GET_STATS, NLM_F_REQUEST, new byte[0]), "ask for connections");
    int length = receive("ask for connections");
    int error = error(0, length);
    if (error != 0) {
      throw refused("ask for connections", error);
    }
  }

  /**
   * Has the kernel forget connections. The next packet of such a one is a new one.
   *
   * @param which those to forget
   * @return how many were forgotten
   */
  public int cut(Predicate<TrackedConnection> which) throws NativeException {
    int cut = 0;
    for (ByteBuffer request : deletions(which)) {
      cut += delete(request) ? 1 : 0;
    }
    return cut;
  }

  private List<ByteBuffer> deletions(Predicate<TrackedConnection> which) throws NativeException {
    List<ByteBuffer> requests = new ArrayList<>();
    send(request(IPCTNL_MSG_CT_GET, NLM_F_REQUEST | NLM_F_DUMP, new byte[0]), "list connections");
    while (true) {
      int length = receive("list connections");
      int at = 0;
      while (at + NLMSG_HDRLEN <= length) {
        int end = at + buffer.getInt(at + NLMSG_LEN);
        if (end < at + NLMSG_HDRLEN || end > length) {
          break;
        }
        int type = buffer.getShort(at + NLMSG_TYPE);
        if (type == NLMSG_DONE) {
          return requests;
        }
        int error = error(at, length);
        if (error != 0) {
          throw refused("list connections", error);
        }
        TrackedConnection connection = TrackedConnection.read(buffer, at, end);
        if (connection != null && which.test(connection)) {
          requests.add(deletion(at, end));
        }
        at += Netlink.align(end - at);
      }
    }
  }

  /** Names an entry by its own words: the tuple, the number, and the zone if it has one. */
  private ByteBuffer deletion(int at, int end) {
    int[] types = {
      TrackedConnection.CTA_TUPLE_ORIG, TrackedConnection.CTA_ID, TrackedConnection.CTA_ZONE
    };
    byte[] attributes = new byte[0];
    for (int type : types) {
      int from = TrackedConnection.attribute(buffer, at + NFNL_ATTRIBUTES, end, type);
      if (from >= 0) {
        int length = Netlink.align(TrackedConnection.lengthOf(buffer, from));
        byte[] longer = Arrays.copyOf(attributes, attributes.length + length);
        buffer.get(from, longer, attributes.length, Math.min(length, end - from));
        attributes = longer;
      }
    }
    ByteBuffer request = request(IPCTNL_MSG_CT_DELETE, NLM_F_REQUEST | NLM_F_ACK, attributes);
    return request.put(NFGENMSG_FAMILY, buffer.get(at + NFGENMSG_FAMILY));
  }

  private static ByteBuffer request(int type, int flags, byte[] attributes) {
    int length = NFNL_ATTRIBUTES + attributes.length;
    ByteBuffer request = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
    request.putInt(NLMSG_LEN, length);
    request.putShort(NLMSG_TYPE, (short) type);
    request.putShort(NLMSG_FLAGS, (short) flags);
    return request.put(NFNL_ATTRIBUTES, attributes);
  }

  /** False: it was gone already. */
  private boolean delete(ByteBuffer request) throws NativeException {
    send(request, "cut a connection");
    int error = error(0, receive("cut a connection"));
    if (error != 0 && error != Errno.ENOENT.intValue()) {
      throw refused("cut a connection", error);
    }
    return error == 0;
  }

  /** The errno of the message at a byte, 0 if it is none that has one. */
  private int error(int at, int length) {
    boolean isError =
        at + NLMSGERR_ERROR + Integer.BYTES <= length
            && buffer.getShort(at + NLMSG_TYPE) == NLMSG_ERROR;
    return isError ? -buffer.getInt(at + NLMSGERR_ERROR) : 0;
  }

  private void send(ByteBuffer request, String operation) throws NativeException {
    if (libraries.c().send(fd, address(request), request.capacity(), 0) < 0) {
      throw refused(operation, libraries.errno());
    }
  }

  private int receive(String operation) throws NativeException {
    while (true) {
      long length = libraries.c().recv(fd, address(buffer), buffer.capacity(), 0);
      if (length >= 0) {
        return (int) length;
      }
      int errno = libraries.errno();
      if (errno != Errno.EINTR.intValue()) {
        throw refused(operation, errno);
      }
    }
  }

  private long address(ByteBuffer direct) {
    return Pointer.wrap(libraries.runtime(), direct).address();
  }

  private static NativeException refused(String operation, int errno) {
    return switch (Errno.valueOf(errno)) {
      case EPERM, EACCES ->
          new NativeException(Kind.PERMISSION, operation, errno, "needs CAP_NET_ADMIN");
      case EINVAL, EPROTONOSUPPORT, EOPNOTSUPP, ENOTSUP ->
          new NativeException(
              Kind.UNSUPPORTED,
              operation,
              errno,
              "this kernel lacks ctnetlink: modprobe nf_conntrack_netlink, or take a kernel with"
                  + " CONFIG_NF_CT_NETLINK");
      default -> new NativeException(Kind.OTHER, operation, errno, "");
    };
  }

  @Override
  public void close() {
    sockets.close(fd);
  }
}

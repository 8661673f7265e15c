package knockgate.nfq;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.constants.platform.Errno;
import jnr.ffi.LastError;
import jnr.ffi.Runtime;
import knockgate.nfq.NativeException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Sends ICMP and ICMPv6 echo requests, which Java's own sockets cannot. First by the kernel's ping
 * socket (icmp(7)), which needs no privilege where the sysctl net.ipv4.ping_group_range has the
 * user's group, then by a raw socket, which needs CAP_NET_RAW. Replies are never read.
 *
 * <p>Not for several threads.
 */
public final class EchoSocket implements AutoCloseable {
  // sys/socket.h, netinet/in.h; the same on every 64-bit architecture that jffi serves.
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int IPPROTO_ICMP = 1;
  private static final int IPPROTO_ICMPV6 = 58;

  private static final int ECHO_REQUEST_V4 = 8;
  private static final int ECHO_REQUEST_V6 = 128;
  private static final int HEADER = 8;
  private static final int CHECKSUM = 2;
  private static final int ID = 4;
  private static final int NUMBER = 6;

  private final LibCSockets c;
  private final int fd;
  private final boolean v6;

  private EchoSocket(LibCSockets c, int fd, boolean v6) {
    this.c = c;
    this.fd = fd;
    this.v6 = v6;
  }

  /**
   * A socket towards one address.
   *
   * @param source the sender's address, of the same family; null = the kernel chooses
   * @throws NativeException PERMISSION if the user may have neither kind of socket; OTHER if there
   *     is no way to the target, or the source is not an address of this machine
   */
  public static EchoSocket open(InetAddress target, @Nullable InetAddress source)
      throws NativeException {
    LibCSockets c = NativeLibraries.loadC(LibCSockets.class);
    boolean v6 = target instanceof Inet6Address;
    EchoSocket socket = new EchoSocket(c, anySocket(c, v6), v6);
    try {
      if (source != null) {
        byte[] address = socketAddress(source);
        socket.check(
            c.bind(socket.fd, address, address.length), "send from " + source.getHostAddress());
      }
      byte[] address = socketAddress(target);
      socket.check(
          c.connect(socket.fd, address, address.length), "reach " + target.getHostAddress());
    } catch (NativeException e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  private static int anySocket(LibCSockets c, boolean v6) throws NativeException {
    int family = v6 ? AF_INET6 : AF_INET;
    int protocol = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
    int fd = c.socket(family, SOCK_DGRAM | SOCK_CLOEXEC, protocol);
    if (fd < 0) {
      fd = c.socket(family, SOCK_RAW | SOCK_CLOEXEC, protocol);
    }
    if (fd < 0) {
      int errno = errno(c);
      boolean forbidden = errno == Errno.EPERM.intValue() || errno == Errno.EACCES.intValue();
      throw new NativeException(
          forbidden ? Kind.PERMISSION : Kind.OTHER,
          "open a socket for echo requests",
          errno,
          forbidden
              ? "run it as root, or let your group: sysctl net.ipv4.ping_group_range=\"0 2147483647\""
              : "");
    }
    return fd;
  }

  /**
   * Sends one echo request.
   *
   * @param payloadBytes bytes behind its header, all zero; 0 to 65507
   * @param number its sequence number, 16 bits
   * @throws NativeException if the kernel refuses it
   */
  public void send(int payloadBytes, int number) throws NativeException {
    byte[] message = echoRequest(v6, payloadBytes, number);
    check(c.send(fd, message, message.length, 0), "send an echo request");
  }

  /**
   * One message (RFC 792, RFC 4443 4.1). A ping socket puts its own id and checksum in; a raw one
   * needs the checksum from here for IPv4 only, the kernel makes that of ICMPv6 (RFC 3542 3.1).
   *
   * <pre>
   *   type 1 | code 1 | checksum 2 | id 2 | sequence number 2 | payload
   * </pre>
   */
  static byte[] echoRequest(boolean v6, int payloadBytes, int number) {
    ByteBuffer message = ByteBuffer.allocate(HEADER + payloadBytes);
    message.put((byte) (v6 ? ECHO_REQUEST_V6 : ECHO_REQUEST_V4));
    message.putShort(ID, (short) ProcessHandle.current().pid());
    message.putShort(NUMBER, (short) number);
    if (!v6) {
      message.putShort(CHECKSUM, checksum(message));
    }
    return message.array();
  }

  /** RFC 1071; the payload is zero and adds nothing. */
  private static short checksum(ByteBuffer message) {
    int sum = 0;
    for (int i = 0; i < HEADER; i += Short.BYTES) {
      sum += message.getShort(i) & 0xffff;
    }
    return (short) ~((sum & 0xffff) + (sum >>> 16));
  }

  /**
   * The struct of bind and connect.
   *
   * <pre>
   *   sockaddr_in    family 2 | port 2 | address 4   | zero 8
   *   sockaddr_in6   family 2 | port 2 | flow info 4 | address 16 | scope 4
   * </pre>
   */
  private static byte[] socketAddress(InetAddress address) {
    boolean v6 = address instanceof Inet6Address;
    ByteBuffer struct = ByteBuffer.allocate(v6 ? 28 : 16).order(ByteOrder.nativeOrder());
    struct.putShort((short) (v6 ? AF_INET6 : AF_INET));
    struct.put(v6 ? 8 : 4, address.getAddress());
    if (address instanceof Inet6Address scoped) {
      struct.putInt(24, scoped.getScopeId());
    }
    return struct.array();
  }

  private void check(long result, String operation) throws NativeException {
    if (result < 0) {
      throw new NativeException(Kind.OTHER, operation, errno(c), "");
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

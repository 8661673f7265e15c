package knockgate.gate.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import jnr.constants.platform.Errno;
import jnr.ffi.byref.IntByReference;

/** One attempt to connect over TCP, and the connection if it came about. Not thread-safe. */
final class Connection implements AutoCloseable {
  // Offsets in struct tcp_info (linux/tcp.h): tcpi_rtt in microseconds, tcpi_total_retrans.
  private static final int ROUND_TRIP = 68;
  private static final int TOTAL_RETRANSMISSIONS = 100;

  private final int fd;

  /** Of connect(2); 0 = connected. */
  private final int errno;

  private final Duration took;
  private final Duration roundTrip;
  private final int retransmissions;

  private Connection(int fd, int errno, Duration took) {
    this.fd = fd;
    this.errno = errno;
    this.took = took;
    ByteBuffer info = info(fd);
    roundTrip = Duration.ofNanos(1000L * info.getInt(ROUND_TRIP));
    retransmissions = info.getInt(TOTAL_RETRANSMISSIONS);
  }

  /** Connects; the calling thread stands in the right namespace. */
  static Connection open(String from, String to, int port, Duration limit) {
    int fd = Sys.check("socket", Sys.C.socket(Address.family(to), Sys.SOCK_STREAM, 0));
    byte[] source = Address.socketAddress(from, 0);
    Sys.check("bind " + from, Sys.C.bind(fd, source, source.length));
    timeout(fd, Sys.SO_SNDTIMEO, limit); // the limit of connect(2), see socket(7)
    timeout(fd, Sys.SO_RCVTIMEO, Duration.ofSeconds(2));
    byte[] target = Address.socketAddress(to, port);
    long start = System.nanoTime();
    int errno = Sys.C.connect(fd, target, target.length) == 0 ? 0 : Sys.errno();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new Connection(fd, errno, took);
  }

  /** Whether the handshake was finished in time. */
  boolean established() {
    return errno == 0;
  }

  /** From the call to its return. */
  Duration took() {
    return took;
  }

  /**
   * What the kernel measured between SYN and SYN-ACK, with which it was established: without the
   * time that its thread waited for a processor, and zero if a SYN had to be sent again.
   */
  Duration roundTrip() {
    return roundTrip;
  }

  /** SYNs that had to be sent again; 0 = the first one was admitted. */
  int retransmissions() {
    return retransmissions;
  }

  /** Whether the echo service at the other end gives {@code line} back within two seconds. */
  boolean echoes(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    Sys.check("send", Sys.C.send(fd, bytes, bytes.length, 0));
    byte[] back = new byte[bytes.length];
    long got = Sys.C.recv(fd, back, back.length, 0);
    return got == bytes.length && new String(back, UTF_8).equals(line);
  }

  private static void timeout(int fd, int option, Duration limit) {
    // struct timeval of a 64-bit machine: seconds 8, microseconds 8
    ByteBuffer timeval = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    timeval.putLong(limit.toSeconds()).putLong(limit.toNanosPart() / 1000);
    Sys.check("setsockopt", Sys.C.setsockopt(fd, Sys.SOL_SOCKET, option, timeval.array(), 16));
  }

  private static ByteBuffer info(int fd) {
    byte[] info = new byte[TOTAL_RETRANSMISSIONS + 4];
    IntByReference length = new IntByReference(info.length);
    Sys.check("TCP_INFO", Sys.C.getsockopt(fd, Sys.IPPROTO_TCP, Sys.TCP_INFO, info, length));
    if (length.intValue() != info.length) {
      throw new IllegalStateException("tcp_info is shorter than thought: " + length.intValue());
    }
    return ByteBuffer.wrap(info).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    Sys.C.close(fd);
  }

  @Override
  public String toString() {
    return (established() ? "connected" : "not connected, " + Errno.valueOf(errno))
        + " in "
        + took.toNanos() / 1000
        + " us, SYN sent again "
        + retransmissions
        + " times";
  }
}

package knockgate.gate.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What arrives at the server's side of a wire, in its order and before any rule sees it. Kept in
 * the socket's buffer until asked for: enough for some hundred small packets.
 */
final class Capture implements AutoCloseable {
  /**
   * A packet that begins something.
   *
   * @param step as a policy writes it: {@code tcp/7000} is a SYN, {@code icmp/8} an echo request
   * @param from its source address
   * @param sourcePort 0 for ICMP
   * @param payload of UDP, as text
   */
  record Seen(String step, String from, int sourcePort, String payload) {}

  private static final int ETHERNET = 14;
  private static final int SYN_WITHOUT_ACK = 0x02;
  private static final int SYN_AND_ACK = 0x12;

  /** ETH_P_ALL (linux/if_ether.h) in network order. */
  private static final int EVERYTHING = 0x0300;

  private final int fd;

  private Capture(int fd) {
    this.fd = fd;
  }

  /** Starts to listen. */
  static Capture on(Wire wire) {
    int fd = wire.server().inside(Capture::open);
    return new Capture(fd);
  }

  private static int open() {
    int fd = Sys.check("packet socket", Sys.C.socket(Sys.AF_PACKET, Sys.SOCK_RAW, EVERYTHING));
    // sockaddr_ll (packet(7)): family 2 | protocol 2 | interface 4 | rest 12
    ByteBuffer link = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
    link.putShort(0, (short) Sys.AF_PACKET).putShort(2, (short) EVERYTHING);
    link.putInt(4, Sys.C.if_nametoindex(Wire.DEVICE));
    Sys.check("bind to the wire", Sys.C.bind(fd, link.array(), 20));
    return fd;
  }

  /** SYNs, datagrams and echo requests so far, until the wire has been quiet for {@code quiet}. */
  List<Seen> untilQuietFor(Duration quiet) {
    // struct timeval of a 64-bit machine: seconds 8, microseconds 8
    ByteBuffer timeval = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    timeval.putLong(quiet.toSeconds()).putLong(quiet.toNanosPart() / 1000);
    Sys.check(
        "timeout", Sys.C.setsockopt(fd, Sys.SOL_SOCKET, Sys.SO_RCVTIMEO, timeval.array(), 16));
    List<Seen> seen = new ArrayList<>();
    byte[] bytes = new byte[2048];
    long length;
    while ((length = Sys.C.recv(fd, bytes, bytes.length, 0)) > 0) {
      read(ByteBuffer.wrap(bytes, 0, (int) length)).ifPresent(seen::add);
    }
    return seen;
  }

  private static Optional<Seen> read(ByteBuffer frame) {
    return switch (frame.getShort(12) & 0xffff) {
      case 0x0800 -> read(frame, 4, ETHERNET + 12, frame.get(ETHERNET + 9), ETHERNET + 20);
      case 0x86dd -> read(frame, 16, ETHERNET + 8, frame.get(ETHERNET + 6), ETHERNET + 40);
      default -> Optional.empty();
    };
  }

  private static Optional<Seen> read(
      ByteBuffer frame, int addressLength, int source, int protocol, int transport) {
    byte[] address = new byte[addressLength];
    frame.get(source, address);
    String from = text(address);
    return switch (protocol) {
      case 6 -> tcp(frame, transport, from);
      case 17 -> udp(frame, transport, from);
      case 1 -> echo(frame, transport, from, 8);
      case 58 -> echo(frame, transport, from, 128);
      default -> Optional.empty();
    };
  }

  private static Optional<Seen> tcp(ByteBuffer frame, int at, String from) {
    boolean opens = (frame.get(at + 13) & SYN_AND_ACK) == SYN_WITHOUT_ACK;
    Seen seen = new Seen("tcp/" + port(frame, at + 2), from, port(frame, at), "");
    return opens ? Optional.of(seen) : Optional.empty();
  }

  private static Optional<Seen> udp(ByteBuffer frame, int at, String from) {
    byte[] payload = new byte[port(frame, at + 4) - 8];
    frame.get(at + 8, payload);
    String text = new String(payload, UTF_8);
    return Optional.of(new Seen("udp/" + port(frame, at + 2), from, port(frame, at), text));
  }

  private static Optional<Seen> echo(ByteBuffer frame, int at, String from, int request) {
    Seen seen = new Seen("icmp/" + (frame.limit() - at - 8), from, 0, "");
    return (frame.get(at) & 0xff) == request ? Optional.of(seen) : Optional.empty();
  }

  private static int port(ByteBuffer frame, int at) {
    return frame.getShort(at) & 0xffff;
  }

  /** As Java writes it, which for IPv6 is without "::". */
  private static String text(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() {
    Sys.C.close(fd);
  }
}

package knockgate.gate.e2e;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Sends forged packets out of the client's side of a wire, past its own stack. Used by one thread
 * that stands in the client namespace.
 */
final class Forger implements AutoCloseable {
  private final int fd;
  private final Frames frames;

  private Forger(int fd, Frames frames) {
    this.fd = fd;
    this.frames = frames;
  }

  /** For frames to one of the server's addresses; call it {@link Namespace#inside} the client. */
  static Forger open(Wire wire, String to) {
    Frames frames = new Frames(hardware(wire.client()), hardware(wire.server()), to);
    int fd = Sys.check("packet socket", Sys.C.socket(Sys.AF_PACKET, Sys.SOCK_RAW, 0));
    int index = Sys.C.if_nametoindex(Wire.DEVICE);
    // sockaddr_ll (packet(7)): family 2 | protocol 2 | interface 4 | rest 12
    ByteBuffer link = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
    link.putShort(0, (short) Sys.AF_PACKET).putInt(4, index);
    Sys.check("bind to the wire", Sys.C.bind(fd, link.array(), 20));
    return new Forger(fd, frames);
  }

  /** One SYN; {@code source} is the IPv4 address, or the last four bytes of the IPv6 one. */
  void syn(int source, int fromPort, int toPort, int sequence) {
    ByteBuffer frame = frames.syn(source, fromPort, toPort, sequence);
    Sys.check("send frame", Sys.C.send(fd, frame, frames.length(), 0));
  }

  /** One frame that somebody else has laid out. */
  void send(ByteBuffer frame) {
    Sys.check("send frame", Sys.C.send(fd, frame, frame.capacity(), 0));
  }

  /** The address of a namespace's end of the wire. */
  static String hardware(Namespace namespace) {
    String text = namespace.run("cat", "/sys/class/net/" + Wire.DEVICE + "/address").ok().out();
    return text.trim();
  }

  @Override
  public void close() {
    Sys.C.close(fd);
  }
}

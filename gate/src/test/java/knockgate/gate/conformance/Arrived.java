package knockgate.gate.conformance;

import java.nio.ByteBuffer;

/** A packet as the model sees it. */
final class Arrived {
  /** IPv4 address. */
  final int source;

  /** IP protocol number. */
  final int protocol;

  /** What follows the IP header, from four bytes on with the ports in front. */
  final byte[] transport;

  /** In ms since the first event. */
  final long nowMs;

  Arrived(ByteBuffer packet, long nowMs) {
    int header = (packet.get(0) & 15) * 4;
    this.source = packet.getInt(12);
    this.protocol = packet.get(9) & 255;
    this.transport = new byte[packet.capacity() - header];
    packet.get(header, transport);
    this.nowMs = nowMs;
  }

  /** The module counts in whole seconds. */
  long nowSeconds() {
    return nowMs / 1000;
  }

  int port() {
    return ((transport[2] & 255) << 8) | (transport[3] & 255);
  }

  /** Whether the header of TCP or UDP ends early; the ports are there. */
  boolean isHeaderCut() {
    return protocol == Protocols.TCP ? transport.length < 20 : isUdp() && transport.length < 8;
  }

  boolean isUdp() {
    return protocol == Protocols.UDP || protocol == Protocols.UDPLITE;
  }
}

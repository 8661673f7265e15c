package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;

/** Datagrams over loopback: each is one NEW packet at the queue when send returns. */
final class Udp {
  static final String[] LOOPBACKS = {"127.0.0.1", "::1"};

  private Udp() {}

  /** Sends so many datagrams of a size to a port of an address. */
  static void send(String address, int port, int count, int payloadBytes) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      InetAddress to = InetAddress.getByName(address);
      for (int i = 0; i < count; i++) {
        socket.send(new DatagramPacket(new byte[payloadBytes], payloadBytes, to, port));
      }
    }
  }

  /** How many datagrams wait at a socket. */
  static int waiting(DatagramSocket socket) throws IOException {
    socket.setSoTimeout(50);
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    for (int count = 0; ; count++) {
      try {
        socket.receive(packet);
      } catch (SocketTimeoutException e) {
        return count;
      }
    }
  }

  /** Destination port of a queued UDP packet without IP options. */
  static int destinationPort(PacketMessage message) {
    int ip = message.payloadOffset();
    int version = message.buffer().get(ip) >> 4 & 15;
    assertThat(version).isIn(4, 6);
    return message.buffer().getShort(ip + (version == 4 ? 20 : 40) + 2) & 0xffff;
  }
}

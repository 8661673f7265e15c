package knockgate.gate.selftest;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.knock.Knocker;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;

/**
 * One address that asks to be let in. Nothing listens on the server: a packet that the gate admits
 * is answered by the kernel, with a reset or with port unreachable; one that it drops is not.
 *
 * @param target the server
 * @param source the caller
 */
record Caller(InetAddress target, InetAddress source) {
  /**
   * Shorter than the second after which the kernel sends a SYN again: it is the first that counts.
   */
  static final int FIRST_SYN_MS = 700;

  /** Knocks, waiting for nothing. */
  void knock(Step step) {
    new Knocker(target, source, new byte[0]).knock(step);
  }

  /** Sends one datagram. */
  void send(int port, byte[] message) {
    new Knocker(target, source, message).knock(new Step(Protocol.UDP, port));
  }

  /**
   * Sends one packet to a port and waits for the answer.
   *
   * @return microseconds until the answer; -1 = none came in time
   * @throws Failure if the packet cannot be sent
   */
  long answered(PortRange port) {
    long start = System.nanoTime();
    try {
      boolean answered = port.protocol() == Protocol.TCP ? syn(port) : datagram(port);
      return answered ? (System.nanoTime() - start) / 1000 : -1;
    } catch (IOException e) {
      throw new Failure(
          ExitCode.KERNEL, "no packet from " + source + " to " + target + ": " + e.getMessage(), e);
    }
  }

  private boolean syn(PortRange port) throws IOException {
    try (SocketChannel channel = SocketChannel.open()) {
      channel.bind(new InetSocketAddress(source, 0));
      channel.configureBlocking(false);
      channel.connect(new InetSocketAddress(target, port.first()));
      if (!becomes(channel, SelectionKey.OP_CONNECT)) {
        return false;
      }
      channel.finishConnect();
      return true;
    } catch (ConnectException refused) {
      return true; // by the server's kernel: the SYN got there
    }
  }

  private boolean datagram(PortRange port) throws IOException {
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.bind(new InetSocketAddress(source, 0));
      channel.configureBlocking(false);
      channel.connect(new InetSocketAddress(target, port.first()));
      channel.write(ByteBuffer.allocate(1));
      if (!becomes(channel, SelectionKey.OP_READ)) {
        return false;
      }
      channel.read(ByteBuffer.allocate(1));
      return true;
    } catch (PortUnreachableException refused) {
      return true; // as above
    }
  }

  private static boolean becomes(SelectableChannel channel, int operation) throws IOException {
    try (Selector selector = Selector.open()) {
      channel.register(selector, operation);
      return selector.select(FIRST_SYN_MS) > 0;
    }
  }
}

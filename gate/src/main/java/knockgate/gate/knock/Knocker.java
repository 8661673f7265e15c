package knockgate.gate.knock;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.nfq.EchoSocket;
import knockgate.nfq.NativeException;
import knockgate.rules.words.Step;
import org.jspecify.annotations.Nullable;

/**
 * Sends knocks to one address: one packet for each, from a socket of its own, waiting for nothing.
 */
public final class Knocker {
  private final InetAddress target;
  private final @Nullable InetAddress source;
  private final byte[] payload;

  /** Echo requests so far: two of one size must not look like one that was sent again. */
  private int echoes;

  /**
   * A client that has sent nothing yet.
   *
   * @param target where to
   * @param source the sender's address, of the same family; null = the kernel chooses
   * @param payload what UDP knocks carry; not copied
   */
  public Knocker(InetAddress target, @Nullable InetAddress source, byte[] payload) {
    this.target = target;
    this.source = source;
    this.payload = payload;
  }

  /**
   * The address that packets to the target leave from.
   *
   * @throws Failure if there is no way to the target
   */
  public InetAddress sender() {
    if (source != null) {
      return source;
    }
    try (DatagramChannel channel = DatagramChannel.open()) {
      // connecting a datagram socket sends nothing; the kernel only looks up the way
      channel.connect(new InetSocketAddress(target, 9));
      return ((InetSocketAddress) channel.getLocalAddress()).getAddress();
    } catch (IOException e) {
      throw new Failure(
          ExitCode.KERNEL, "no way to " + target.getHostAddress() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Sends one knock; when this returns, the packet has left.
   *
   * @throws Failure if the kernel does not send it
   */
  public void knock(Step step) {
    try {
      switch (step.protocol()) {
        case TCP -> tcp(step.number());
        case UDP -> udp(step.number());
        case ICMP -> icmp(step.number());
      }
    } catch (IOException | NativeException e) {
      throw new Failure(
          ExitCode.KERNEL,
          step + " to " + target.getHostAddress() + " could not be sent: " + e.getMessage(),
          e);
    }
  }

  /** A SYN: the socket is closed a second before the kernel would send it again. */
  private void tcp(int port) throws IOException {
    try (SocketChannel channel = SocketChannel.open()) {
      if (source != null) {
        channel.bind(new InetSocketAddress(source, 0));
      }
      channel.configureBlocking(false);
      channel.connect(new InetSocketAddress(target, port));
    } catch (ConnectException e) {
      // Refused at once, as loopback does it: the SYN was there.
      if (!String.valueOf(e.getMessage()).contains("refused")) {
        throw e;
      }
    }
  }

  private void udp(int port) throws IOException {
    try (DatagramChannel channel = DatagramChannel.open()) {
      if (source != null) {
        channel.bind(new InetSocketAddress(source, 0));
      }
      channel.send(ByteBuffer.wrap(payload), new InetSocketAddress(target, port));
    }
  }

  private void icmp(int payloadBytes) throws NativeException {
    try (EchoSocket socket = EchoSocket.open(target, source)) {
      socket.send(payloadBytes, ++echoes);
    }
  }
}

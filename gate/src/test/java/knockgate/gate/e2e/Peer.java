package knockgate.gate.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;

/**
 * Somebody at the other end of the wire.
 *
 * @param namespace where it stands
 * @param address what it sends from
 */
record Peer(Namespace namespace, String address) {
  /** Shorter than the second after which the kernel sends a SYN again. */
  private static final Duration FIRST_SYN = Duration.ofMillis(700);

  /** Connects with one SYN: what is not answered in 700 ms counts as refused. */
  Connection connect(String to, int port) {
    return connect(to, port, FIRST_SYN);
  }

  /** The same with another limit; the kernel sends the SYN again after 1, 3 and 7 s. */
  Connection connect(String to, int port, Duration limit) {
    return namespace.inside(() -> Connection.open(address, to, port, limit));
  }

  /** Whether a connection came about on its first SYN; it is closed again. */
  boolean gets(String to, int port) {
    try (Connection connection = connect(to, port)) {
      return connection.established();
    }
  }

  /** Sends knocks such as {@code tcp/7000} one behind the other, waiting for nothing. */
  void knock(String to, List<String> steps) {
    namespace.inside(
        () -> {
          steps.forEach(step -> send(to, step));
          return null;
        });
  }

  /** Knocks, and connects straight behind the last knock, on the same thread. */
  Connection knockAndConnect(String to, List<String> steps, int port) {
    return namespace.inside(
        () -> {
          steps.forEach(step -> send(to, step));
          return Connection.open(address, to, port, FIRST_SYN);
        });
  }

  /** Sends one datagram. */
  void say(String to, int port, byte[] payload) {
    namespace.inside(
        () -> {
          datagram(to, port, payload);
          return null;
        });
  }

  /** Sends one datagram, and connects straight behind it, on the same thread. */
  Connection sayAndConnect(String to, int udpPort, byte[] payload, int port) {
    return namespace.inside(
        () -> {
          datagram(to, udpPort, payload);
          return Connection.open(address, to, port, FIRST_SYN);
        });
  }

  private void datagram(String to, int port, byte[] payload) {
    int fd = Sys.check("socket", Sys.C.socket(Address.family(to), Sys.SOCK_DGRAM, 0));
    try {
      byte[] source = Address.socketAddress(address, 0);
      Sys.check("bind " + address, Sys.C.bind(fd, source, source.length));
      byte[] target = Address.socketAddress(to, port);
      Sys.check("connect", Sys.C.connect(fd, target, target.length));
      Sys.check("send", Sys.C.send(fd, payload, payload.length, 0));
    } finally {
      Sys.C.close(fd);
    }
  }

  private void send(String to, String step) {
    boolean tcp = step.startsWith("tcp/");
    int port = Integer.parseInt(step.substring(4));
    int type = (tcp ? Sys.SOCK_STREAM : Sys.SOCK_DGRAM) | Sys.SOCK_NONBLOCK;
    int fd = Sys.check("socket", Sys.C.socket(Address.family(to), type, 0));
    try {
      byte[] source = Address.socketAddress(address, 0);
      Sys.check("bind " + address, Sys.C.bind(fd, source, source.length));
      byte[] target = Address.socketAddress(to, port);
      int connected = Sys.C.connect(fd, target, target.length);
      if (tcp && connected != 0 && Sys.errno() == Sys.EINPROGRESS) {
        return; // the SYN has left
      }
      Sys.check("connect", connected);
      byte[] payload = "knock".getBytes(UTF_8);
      Sys.check("send", Sys.C.send(fd, payload, payload.length, 0));
    } finally {
      Sys.C.close(fd);
    }
  }
}

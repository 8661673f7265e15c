package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against the real kernel, in a namespace of its own. */
class ConntrackIT {
  /** ::ffff:127.0.0.1. */
  private static final long LOOPBACK_V4 = 0x0000_ffff_7f00_0001L;

  private static final InetAddress V4 = address(127, 0, 0, 1);
  private static final InetAddress V6 = address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

  private static InetAddress address(int... bytes) {
    byte[] address = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      address[i] = (byte) bytes[i];
    }
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("neither 4 nor 16 bytes", e);
    }
  }

  @Test
  void aConnectionIsFoundAndForgottenAndTheOthersStay() throws Exception {
    Namespace.run(
        () -> {
          // connection tracking is off in a namespace until a rule asks for it
          for (String tool : new String[] {"iptables", "ip6tables"}) {
            Namespace.command(
                tool, "-A", "INPUT", "-m", "conntrack", "--ctstate", "INVALID", "-j", "DROP");
          }
          try (ServerSocket first = new ServerSocket(8001);
              ServerSocket second = new ServerSocket(8002);
              Socket cut = new Socket(V4, first.getLocalPort());
              Socket kept = new Socket(V4, second.getLocalPort());
              Socket six = new Socket(V6, first.getLocalPort());
              Conntrack conntrack = Conntrack.open()) {
            assertThat(List.of(cut, kept, six)).allMatch(Socket::isConnected);
            assertThat(seen(conntrack))
                .containsExactlyInAnyOrder(
                    new TrackedConnection(6, 0, LOOPBACK_V4, 8001),
                    new TrackedConnection(6, 0, LOOPBACK_V4, 8002),
                    new TrackedConnection(6, 0, 1, 8001));
            assertThat(conntrack.cut(connection -> connection.port() == 8001)).isEqualTo(2);
            assertThat(seen(conntrack))
                .containsExactly(new TrackedConnection(6, 0, LOOPBACK_V4, 8002));
          }
        });
  }

  @Test
  void manyConnectionsComeInManyMessages() throws Exception {
    Namespace.run(
        () -> {
          Namespace.command(
              "iptables", "-A", "INPUT", "-m", "conntrack", "--ctstate", "INVALID", "-j", "DROP");
          List<Socket> sockets = new ArrayList<>();
          try (ServerSocket server = new ServerSocket(8001, 600);
              Conntrack conntrack = Conntrack.open()) {
            for (int i = 0; i < 500; i++) {
              sockets.add(new Socket(V4, server.getLocalPort()));
            }
            assertThat(seen(conntrack)).hasSize(500);
            assertThat(conntrack.cut(connection -> true)).isEqualTo(500);
            assertThat(seen(conntrack)).isEmpty();
          } finally {
            for (Socket socket : sockets) {
              socket.close();
            }
          }
        });
  }

  @Test
  void withoutTheCapabilityItSaysSo() throws Exception {
    Namespace.run(
        () -> {
          Namespace.dropCapabilities();
          assertThatThrownBy(Conntrack::open)
              .isInstanceOfSatisfying(
                  NativeException.class,
                  e -> assertThat(e.kind()).isEqualTo(NativeException.Kind.PERMISSION))
              .hasMessageContaining("CAP_NET_ADMIN");
        });
  }

  private static List<TrackedConnection> seen(Conntrack conntrack) throws NativeException {
    List<TrackedConnection> all = new ArrayList<>();
    conntrack.cut(
        connection -> {
          all.add(connection);
          return false;
        });
    return all;
  }
}

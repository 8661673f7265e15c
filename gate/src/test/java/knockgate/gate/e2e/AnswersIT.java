package knockgate.gate.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With {@code kill-established}, who may answer a server that speaks first from a protected port,
 * as WireGuard does: whoever the door is open to.
 */
class AnswersIT {
  private static final int VPN = 500;
  private static final int COUNTED = 501;
  private static final int PEERS_PORT = 4500;

  private static final String POLICY =
      """
      rescue = [ "192.0.2.10", "2001:db8::10" ]
      doors {
        vpn { protects = [ "udp/500" ], knock = [ 7000, 8000, 9000 ], kill-established = true }
        counted {
          protects = [ "udp/501" ], knock = [ 7001, 8001, 9001 ], kill-established = true
          connections = 3
        }
      }
      """;

  /** Longer than any verdict takes. */
  private static final int SILENCE_MS = 1000;

  @ParameterizedTest
  @ValueSource(strings = {Scene.MARK, Scene.DIRECT})
  void anAnswerGoesByTheGrant(String layout) throws IOException {
    try (KeptScene kept = new KeptScene(POLICY, layout)) {
      for (Family family : Family.values()) {
        Peer friend = kept.scene().friend(family);
        try (DatagramSocket server = bound(kept.scene().wire().server(), family.server, VPN);
            DatagramSocket peer = bound(friend.namespace(), friend.address(), PEERS_PORT)) {
          assertThat(answers(server, peer)).as("without a grant").isFalse();
          friend.knock(family.server, List.of("tcp/7000", "tcp/8000", "tcp/9000"));
          for (int i = 0; i < 5; i++) {
            assertThat(answers(server, peer)).as("with a grant, %s", kept.gate()).isTrue();
          }
          kept.command("revoke", "vpn", friend.address()).ok();
          assertThat(answers(server, peer)).as("revoked").isFalse();
          kept.command("observe", "on").ok();
          assertThat(answers(server, peer)).as("only observing").isTrue();
          kept.command("observe", "off").ok();
          assertThat(answers(server, peer)).as("enforcing again").isFalse();
        }
        List<Event> told =
            kept.gate()
                .events(
                    event ->
                        event.field("event").equals("admission")
                            && event.field("peer").equals(friend.address())
                            && event.field("port").equals("500"));
        assertThat(told).as("one stream, one event").hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Scene.MARK, Scene.DIRECT})
  void aRescueAddressMayAlwaysAnswerAndNobodyWhereConnectionsAreCounted(String layout)
      throws IOException {
    Family family = Family.IPV4;
    try (KeptScene kept = new KeptScene(POLICY, layout)) {
      Namespace machine = kept.scene().wire().server();
      Peer friend = kept.scene().friend(family);
      Peer rescue = kept.scene().rescue(family);
      try (DatagramSocket vpn = bound(machine, family.server, VPN);
          DatagramSocket counted = bound(machine, family.server, COUNTED);
          DatagramSocket friends = bound(friend.namespace(), friend.address(), PEERS_PORT);
          DatagramSocket rescuers = bound(rescue.namespace(), rescue.address(), PEERS_PORT)) {
        friend.knock(family.server, List.of("tcp/7001", "tcp/8001", "tcp/9001"));
        assertThat(answers(counted, friends)).as("%s", kept.gate()).isFalse();
        assertThat(answers(vpn, rescuers)).isTrue();
        assertThat(answers(counted, rescuers)).isTrue();
        kept.gate().kill();
        assertThat(answers(vpn, friends)).as("no gate").isFalse();
        assertThat(answers(vpn, rescuers)).as("no gate").isTrue();
      }
    }
  }

  private static DatagramSocket bound(Namespace namespace, String address, int port) {
    return namespace.inside(
        () -> {
          DatagramSocket socket =
              new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), port));
          socket.setSoTimeout(SILENCE_MS);
          return socket;
        });
  }

  /** Whether the peer's answer to a word of the server arrives. */
  private static boolean answers(DatagramSocket server, DatagramSocket peer) throws IOException {
    server.send(datagram("who is there?", peer));
    assertThat(hears(peer)).as("the server's word").isTrue();
    peer.send(datagram("me", server));
    return hears(server);
  }

  private static DatagramPacket datagram(String text, DatagramSocket to) {
    byte[] bytes = text.getBytes(US_ASCII);
    return new DatagramPacket(bytes, bytes.length, to.getLocalSocketAddress());
  }

  private static boolean hears(DatagramSocket socket) throws IOException {
    try {
      socket.receive(new DatagramPacket(new byte[100], 100));
      return true;
    } catch (SocketTimeoutException silence) {
      return false;
    }
  }
}

package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The measure: a connection started right behind the SPA message, with no pause. */
class SpaFirstSynIT {
  private static final int TIMES = 100;
  private static final int FIRST_HOST = 100;

  @ParameterizedTest
  @EnumSource
  void isAdmittedOnItsFirstSynEveryTime(Family family) {
    try (Scene scene = new Scene(Messages.DOORS)) {
      List<String> late = new ArrayList<>();
      for (int i = 0; i < TIMES; i++) {
        // a host of its own each time: nobody lives on the grant of another
        Peer peer = scene.wire().peer(family.host(FIRST_HOST + i));
        tryOnce(late, peer, family, Messages.FWKNOP_PORT, Messages.fwknop(), 22);
        byte[] pknock = Messages.pknock(peer.address());
        tryOnce(late, peer, family, Messages.PKNOCK_PORT, pknock, 80);
      }
      assertThat(late).as("of %d for each dialect, %s", TIMES, scene.gate()).isEmpty();
    }
  }

  private static void tryOnce(
      List<String> late, Peer peer, Family family, int udpPort, byte[] message, int port) {
    assertThat(peer.address()).isNotEqualTo(family.friend());
    try (Connection connection = peer.sayAndConnect(family.server, udpPort, message, port)) {
      if (!connection.established() || connection.retransmissions() > 0) {
        late.add(peer.address() + " to " + port + ": " + connection);
      }
    }
  }
}

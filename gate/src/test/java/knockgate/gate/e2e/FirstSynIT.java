package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The measure: a connection started right behind the last knock, with no pause. */
class FirstSynIT {
  private static final int TIMES = 100;
  private static final int FIRST_HOST = 100;

  private static final String MANY =
      Scene.SSH
          + """
          limits { first-knocks = "1000/s" }
          """;

  @ParameterizedTest
  @ValueSource(strings = {Scene.MARK, Scene.DIRECT})
  void isAdmittedOnItsFirstSynEveryTime(String layout) {
    try (Scene scene = new Scene(MANY, layout, "iptables-nft")) {
      for (Family family : Family.values()) {
        List<String> late = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
          // a host of its own each time: nobody lives on the grant of another
          Peer peer = scene.wire().peer(family.host(FIRST_HOST + i));
          List<String> knocks = List.of("tcp/7000", "tcp/8000", "tcp/9000");
          try (Connection connection = peer.knockAndConnect(family.server, knocks, 22)) {
            if (!connection.established() || connection.retransmissions() > 0) {
              late.add(peer.address() + ": " + connection);
            }
          }
        }
        assertThat(late).as("%s of %d, %s", family, TIMES, scene.gate()).isEmpty();
      }
    }
  }
}

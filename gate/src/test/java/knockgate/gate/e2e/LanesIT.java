package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two lanes behind {@code --queue-balance}. The kernel chooses the lane by both addresses and the
 * protocol, so one peer reaches both by using several of the server's addresses.
 */
class LanesIT {
  private static final String TWO =
      Scene.SSH
          + """
          queue { count = 2 }
          """;

  private static final List<String> KNOCKS = List.of("tcp/7000", "tcp/8000", "tcp/9000");
  private static final int SERVER_ADDRESSES = 8;
  private static final int FIRST_HOST = 100;

  @ParameterizedTest
  @ValueSource(strings = {Scene.MARK, Scene.DIRECT})
  void shareAttemptsAndGrants(String layout) {
    try (Scene scene = new Scene(TWO, layout, "iptables-nft")) {
      assertThat(scene.gate().queues()).extracting(Queue::number).containsExactly(0, 1);
      for (Family family : Family.values()) {
        List<Long> before = numbered(scene);
        for (int i = 0; i < SERVER_ADDRESSES; i++) {
          Peer peer = scene.wire().peer(family.host(FIRST_HOST + i));
          // Each knock to an address of its own: some go through the other lane. Nothing orders
          // two lanes, so each knock waits for the one before.
          for (int step = 0; step < KNOCKS.size(); step++) {
            String number = String.valueOf(step + 1);
            peer.knock(address(family, i + step), List.of(KNOCKS.get(step)));
            scene
                .gate()
                .awaitEvent("step " + number, e -> isOf(e, peer) && e.field("step").equals(number));
          }
          for (int to = 0; to < SERVER_ADDRESSES; to++) {
            assertThat(peer.gets(address(family, to), 22)).as("%s", scene.gate()).isTrue();
          }
        }
        List<Long> after = numbered(scene);
        assertThat(after.get(0)).as("packets through lane 0").isGreaterThan(before.get(0));
        assertThat(after.get(1)).as("packets through lane 1").isGreaterThan(before.get(1));
        assertThat(scene.stranger(family).gets(family.server, 22)).isFalse();
      }
    }
  }

  private static boolean isOf(Event event, Peer peer) {
    return event.field("peer").equals(peer.address());
  }

  private static List<Long> numbered(Scene scene) {
    return new ArrayList<>(scene.gate().queues().stream().map(Queue::numbered).toList());
  }

  private static String address(Family family, int index) {
    int host = 1 + index % SERVER_ADDRESSES;
    return family == Family.IPV4 ? "198.51.100." + host : "2001:db8:1::" + host;
  }
}

package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two lanes behind {@code --queue-balance}, of one thread each and of two. The kernel chooses the
 * lane by both addresses and the protocol, so one peer reaches both by using several of the
 * server's addresses.
 */
class LanesIT {
  private static final String TWO =
      Scene.SSH
          + """
          queue { count = 2, threads = %d }
          """;

  private static final List<String> KNOCKS = List.of("tcp/7000", "tcp/8000", "tcp/9000");
  private static final int SERVER_ADDRESSES = 8;
  private static final int FIRST_HOST = 100;

  /** The kernel's hash is seeded at boot; with fewer, all could fall into one lane some day. */
  private static final int PEERS = 20;

  @ParameterizedTest
  @CsvSource({Scene.MARK + ", 1", Scene.DIRECT + ", 2"})
  void aKnockOnOneLaneOpensForAConnectionOnAnother(String layout, int threads) {
    try (Scene scene = new Scene(TWO.formatted(threads), layout, "iptables-nft")) {
      assertThat(scene.gate().queues()).extracting(Queue::number).containsExactly(0, 1);
      for (Family family : Family.values()) {
        Set<String> knocks = new TreeSet<>();
        Set<String> openings = new TreeSet<>();
        for (int i = 0; i < PEERS; i++) {
          Peer peer = scene.wire().peer(family.host(FIRST_HOST + i));
          int lane = -1;
          // Each knock to an address of its own: some go through the other lane. Nothing orders
          // two lanes, so each knock waits for the one before.
          for (int step = 0; step < KNOCKS.size(); step++) {
            int before = lane;
            lane = laneOfKnock(scene, peer, address(family, i + step), step);
            knocks.add(before + " to " + lane);
          }
          for (int to = 0; to < KNOCKS.size(); to++) {
            int admitting = laneOfConnection(scene, peer, address(family, i + KNOCKS.size() + to));
            openings.add(lane + " to " + admitting);
          }
        }
        assertThat(knocks).as("lanes of one knock and the next").contains("0 to 1", "1 to 0");
        assertThat(openings).as("lanes of last knock and connection").contains("0 to 1", "1 to 0");
        assertThat(scene.stranger(family).gets(family.server, 22)).isFalse();
      }
    }
  }

  private static int laneOfKnock(Scene scene, Peer peer, String to, int step) {
    String number = String.valueOf(step + 1);
    return laneOf(
        scene,
        () -> {
          peer.knock(to, List.of(KNOCKS.get(step)));
          scene
              .gate()
              .awaitEvent("step " + number, e -> isOf(e, peer) && e.field("step").equals(number));
        });
  }

  private static int laneOfConnection(Scene scene, Peer peer, String to) {
    return laneOf(scene, () -> assertThat(peer.gets(to, 22)).as("%s", scene.gate()).isTrue());
  }

  /** The one lane through which a packet went meanwhile. */
  private static int laneOf(Scene scene, Runnable sends) {
    List<Long> before = numbered(scene);
    sends.run();
    List<Long> after = numbered(scene);
    List<Integer> moved =
        IntStream.range(0, before.size())
            .filter(lane -> after.get(lane) > before.get(lane))
            .boxed()
            .toList();
    assertThat(moved).as("lanes of one packet: %s, then %s", before, after).hasSize(1);
    return moved.get(0);
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

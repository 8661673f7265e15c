package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Observing: everybody gets in as if there were no gate, and the events tell what would have been.
 */
class ObserveIT {
  private static final String OBSERVE =
      Scene.SSH
          + """
          mode = observe
          """;

  @ParameterizedTest
  @ValueSource(strings = {Scene.MARK, Scene.DIRECT})
  void acceptsEverything(String layout) {
    try (Scene scene = new Scene(OBSERVE, layout, "iptables-nft")) {
      scene.wire().serving(7000);
      for (Family family : Family.values()) {
        Peer stranger = scene.stranger(family);
        assertThat(stranger.gets(family.server, 22)).as("the door").isTrue();
        assertThat(stranger.gets(family.server, 80)).as("another port").isTrue();
        assertThat(stranger.gets(family.server, 7000)).as("a knock is answered").isTrue();
        Event refusal =
            scene
                .gate()
                .awaitEvent(
                    "refusal", e -> is(e, "refusal", stranger) && e.field("port").equals("22"));
        assertThat(refusal.field("observed")).isEqualTo("true");

        Peer friend = scene.friend(family);
        friend.knock(family.server, List.of("tcp/7000", "tcp/8000", "tcp/9000"));
        scene.gate().awaitEvent("grant", e -> is(e, "grant", friend));
      }
    }
  }

  private static boolean is(Event event, String kind, Peer peer) {
    return event.field("event").equals(kind) && event.field("peer").equals(peer.address());
  }
}

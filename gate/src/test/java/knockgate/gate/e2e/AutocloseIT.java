package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A grant ends by itself; what was connected by then stays connected, as an ssh session would. */
class AutocloseIT {
  private static final String SHORT =
      """
      doors {
        ssh { protects = [ "tcp/22" ], knock = [ "udp/7000", 8000, 9000 ], autoclose = 1500ms }
      }
      """;

  private static final List<String> KNOCKS = List.of("udp/7000", "tcp/8000", "tcp/9000");

  @ParameterizedTest
  @ValueSource(strings = {Scene.MARK, Scene.DIRECT})
  void endsTheGrantAndNotTheConnection(String layout) {
    try (Scene scene = new Scene(SHORT, layout, "iptables-nft")) {
      for (Family family : Family.values()) {
        Peer friend = scene.friend(family);
        try (Connection session = friend.knockAndConnect(family.server, KNOCKS, 22)) {
          assertThat(session.established()).as("%s %s", session, scene.gate()).isTrue();
          assertThat(friend.gets(family.server, 22)).as("a second one, in time").isTrue();

          scene.gate().awaitEvent("autoclose of " + friend, e -> isAutoclose(e, friend));

          assertThat(friend.gets(family.server, 22)).as("a new one, too late").isFalse();
          assertThat(session.echoes("still here")).as("the old one").isTrue();
          friend.knock(family.server, KNOCKS);
          assertThat(friend.gets(family.server, 22)).as("knocked again").isTrue();
          assertThat(session.echoes("and still")).as("the old one").isTrue();
        }
      }
    }
  }

  private static boolean isAutoclose(Event event, Peer peer) {
    return event.field("event").equals("autoclose")
        && event.field("door").equals("ssh")
        && event.field("peer").equals(peer.address());
  }
}

package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Forged messages, thousands a second, keep nobody out and let nobody in. */
class SpaFloodIT {
  private static final int PER_SECOND = 20_000;

  /** Longer than any run lasts. */
  private static final int MOST = 60 * PER_SECOND;

  private static final int GENUINE = 30;
  private static final int FIRST_HOST = 100;
  private static final String SERVER = Family.IPV4.server;

  @Test
  void genuineMessagesOpenAndOthersConnectAsBefore() {
    try (Scene scene = new Scene(Messages.DOORS);
        SpaFlood flood = SpaFlood.on(scene.wire(), SpaFlood.Source.EVERYWHERE, PER_SECOND, MOST)) {
      Peer resident = scene.friend(Family.IPV4);
      resident.say(SERVER, Messages.PKNOCK_PORT, Messages.pknock(resident.address()));
      List<String> failed = new ArrayList<>();
      for (int i = 0; i < GENUINE; i++) {
        Peer peer = scene.wire().peer(Family.IPV4.host(FIRST_HOST + i));
        try (Connection opened =
                peer.sayAndConnect(SERVER, Messages.FWKNOP_PORT, Messages.fwknop(), 22);
            Connection ordinary = resident.connect(SERVER, 80);
            Connection second =
                peer.sayAndConnect(
                    SERVER, Messages.PKNOCK_PORT, Messages.pknock(peer.address()), 80)) {
          if (!opened.established() || !ordinary.established() || !second.established()) {
            failed.add(peer.address() + ": " + List.of(opened, ordinary, second));
          }
        }
        peer.knock(SERVER, Messages.rotatingKnocks());
      }
      while (flood.sent() < 3 * PER_SECOND && flood.isOn()) {
        assertThat(resident.gets(SERVER, 80)).as("%s", scene.gate()).isTrue();
      }
      flood.end();
      assertThat(flood.sent()).as("packets of the flood").isGreaterThanOrEqualTo(3 * PER_SECOND);
      assertThat(failed).as("of %d, %s", GENUINE, scene.gate()).isEmpty();
      awaitGrants(scene, 3 * GENUINE + 1);
    }
  }

  @Test
  void oneHostIsHeldToItsBudgetAndItsNeighbourIsNot() {
    // without first-knocks: the default of 50 a second
    String policy = Messages.DOORS.replaceFirst("limits .*\n", "");
    try (Scene scene = new Scene(policy);
        SpaFlood flood = SpaFlood.on(scene.wire(), SpaFlood.Source.ONE_HOST, PER_SECOND, MOST)) {
      scene.gate().awaitEvent("over budget", e -> e.field("reason").equals("over-budget"));
      while (flood.sent() < PER_SECOND && flood.isOn()) {
        LockSupport.parkNanos(1_000_000); // the gate's compiler is at work, not what is tested
      }
      assertThat(flood.isOn()).isTrue();
      Peer friend = scene.friend(Family.IPV4);
      try (Connection opened =
          friend.sayAndConnect(SERVER, Messages.FWKNOP_PORT, Messages.fwknop(), 22)) {
        assertThat(opened.established()).as("%s %s", opened, scene.gate()).isTrue();
      }
      flood.end();
      awaitGrants(scene, 1);
    }
  }

  /** As many and no more: the gate says what it has given before it ends. */
  private static void awaitGrants(Scene scene, int count) {
    assertThat(scene.gate().terminate()).as("%s", scene.gate()).isZero();
    assertThat(scene.gate().events(event -> event.field("event").equals("grant")))
        .as("%s", scene.gate())
        .hasSize(count);
  }
}

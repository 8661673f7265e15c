package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon is killed: who gets in, who stays out, and how it comes back. */
class GateDownIT {
  private static final List<String> KNOCKS = List.of("tcp/7000", "tcp/8000", "tcp/9000");

  /** What meets a killed daemon is lost; its SYN comes again after a second, and again. */
  private static final Duration PATIENT = Duration.ofSeconds(8);

  @ParameterizedTest
  @ValueSource(strings = {"iptables-nft", "iptables-legacy"})
  void inTheMarkLayoutOnlyTheDoorsStayShut(String iptables) {
    try (Scene scene = new Scene(Scene.SSH, Scene.MARK, iptables)) {
      for (Family family : Family.values()) {
        scene.friend(family).knock(family.server, KNOCKS);
        assertThat(scene.friend(family).gets(family.server, 22)).as("%s", scene.gate()).isTrue();
      }
      scene.gate().kill();
      for (Family family : Family.values()) {
        assertThat(scene.stranger(family).gets(family.server, 22)).as("stranger").isFalse();
        scene.stranger(family).knock(family.server, KNOCKS);
        assertThat(scene.stranger(family).gets(family.server, 22)).as("who knocks").isFalse();
        assertThat(scene.friend(family).gets(family.server, 22)).as("who had a grant").isFalse();
        assertThat(scene.rescue(family).gets(family.server, 22)).as("rescue").isTrue();
        assertThat(scene.stranger(family).gets(family.server, 80)).as("other ports").isTrue();
      }
    }
  }

  @Test
  void inTheDirectLayoutOnlyRescueAddressesGetIn() {
    try (Scene scene = new Scene(Scene.SSH, Scene.DIRECT, "iptables-nft")) {
      for (Family family : Family.values()) {
        Peer friend = scene.friend(family);
        try (Connection session = friend.knockAndConnect(family.server, KNOCKS, 22)) {
          assertThat(session.established()).as("%s %s", session, scene.gate()).isTrue();
          scene.gate().kill();
          assertThat(session.echoes("still here")).as("what was connected").isTrue();
          assertThat(scene.stranger(family).gets(family.server, 22)).as("stranger").isFalse();
          assertThat(scene.rescue(family).gets(family.server, 22)).as("rescue").isTrue();
        }
        scene.restart();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Scene.MARK, Scene.DIRECT})
  void aRestartUnderTrafficLetsNobodyElseIn(String layout) throws InterruptedException {
    try (Scene scene = new Scene(Scene.SSH, layout, "iptables-nft")) {
      Traffic strangers = new Traffic(scene, scene::stranger, 22, Duration.ofMillis(50));
      Traffic rescued = new Traffic(scene, scene::rescue, 22, PATIENT);
      Traffic others = new Traffic(scene, scene::stranger, 80, PATIENT);
      // three restarts, and more where they are so quick that too few tries fall into them
      for (int round = 0; round < 3 || (round < 20 && strangers.tries() <= 20); round++) {
        scene.gate().kill();
        scene.restart();
        for (Family family : Family.values()) {
          Peer friend = scene.friend(family);
          friend.knock(family.server, KNOCKS);
          assertThat(friend.gets(family.server, 22)).as("%s", scene.gate()).isTrue();
        }
      }
      strangers.end();
      rescued.end();
      others.end();
      assertThat(strangers.admitted()).as("strangers admitted").isZero();
      assertThat(strangers.tries()).as("strangers' tries").isGreaterThan(20);
      assertThat(rescued.refused()).as("rescue").isEmpty();
      assertThat(rescued.tries()).as("rescue tries").isGreaterThan(20);
      assertThat(others.refused()).as("other ports").isEmpty();
    }
  }
}

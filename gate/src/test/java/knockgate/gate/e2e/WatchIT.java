package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon under a service manager that watches it, and what the watch does about trouble. */
class WatchIT {
  private static final String ALIVE = "WATCHDOG=1";
  private static final List<String> KNOCKS = List.of("tcp/7000", "tcp/8000", "tcp/9000");

  @TempDir private Path folder;

  @Test
  void tellsTheServiceManagerWhatItDoes() throws IOException {
    try (Wire wire = new Wire();
        NotifyListener manager = new NotifyListener(socket());
        Gate gate = start(wire)) {
      patiently().until(() -> manager.count(ALIVE) >= 2);
      assertThat(manager.told()).startsWith("READY=1", "STATUS=queue 0, 1 door");
      Run.of("kill", "-HUP", Long.toString(gate.pid())).ok();
      patiently().until(() -> manager.count("READY=1") == 2);
      assertThat(manager.told())
          .containsSubsequence("READY=1", "RELOADING=1", "READY=1")
          .anyMatch(line -> line.matches("MONOTONIC_USEC=\\d+"));
      assertThat(gate.terminate()).isZero();
      patiently().until(() -> manager.count("STOPPING=1") == 1);
      assertThat(gate.log()).noneMatch(line -> line.contains("fault"));
    }
  }

  @Test
  void takesBackAQueueThatSomebodyUnbound() throws IOException {
    try (Scene scene = new Scene(Scene.SSH);
        NotifyListener manager = new NotifyListener(socket())) {
      scene.gate().terminate();
      try (Gate gate = Gate.start(scene.wire().server(), scene.policy(), watched()).awaitReady()) {
        patiently().until(() -> manager.count(ALIVE) >= 1);
        Intruder.unbindQueue(gate.pid());
        assertThat(gate.queues()).isEmpty();
        patiently().until(() -> told(gate, "queue 0 is served again"));
        assertThat(gate.log())
            .containsSubsequence(
                "knockgate: queue 0 is lost (ENODEV), taking it back",
                "knockgate: queue 0 is served again");
        assertThat(manager.told()).contains("STATUS=queue 0 is lost (ENODEV), taking it back");
        assertThat(gate.queues()).hasSize(1);
        long alive = manager.count(ALIVE);
        patiently().until(() -> manager.count(ALIVE) > alive);
        Peer friend = scene.friend(Family.IPV4);
        assertThat(friend.gets(Family.IPV4.server, 22)).isFalse();
        try (Connection session = friend.knockAndConnect(Family.IPV4.server, KNOCKS, 22)) {
          assertThat(session.established()).as("%s", gate).isTrue();
        }
      }
    }
  }

  @Test
  void aLaneThatHangsEndsTheSignsOfLife() throws IOException {
    try (Wire wire = new Wire();
        NotifyListener manager = new NotifyListener(socket());
        Gate gate = start(wire)) {
      patiently().until(() -> manager.count(ALIVE) >= 1);
      Intruder.whileStopped(
          gate.pid(),
          "lane-0",
          () -> {
            patiently().until(() -> told(gate, "its lane does not answer"));
            long alive = manager.count(ALIVE);
            // two looks of the watch, one second apart, with nothing to tell
            await().during(Duration.ofMillis(2500)).until(() -> manager.count(ALIVE) == alive);
          });
      long alive = manager.count(ALIVE);
      patiently().until(() -> manager.count(ALIVE) > alive);
    }
  }

  private Path socket() {
    return folder.resolve("notify");
  }

  private Map<String, String> watched() {
    return Map.of("NOTIFY_SOCKET", socket().toString(), "WATCHDOG_USEC", "10000000");
  }

  private Gate start(Wire wire) throws IOException {
    Path policy = Files.writeString(folder.resolve("p.conf"), Scene.SSH);
    return Gate.start(wire.server(), policy, watched()).awaitReady();
  }

  private static boolean told(Gate gate, String words) {
    return gate.log().stream().anyMatch(line -> line.contains(words));
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
  }
}

package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How the daemon starts, what keeps it from starting, and how it ends. */
class StartIT {
  private static final int STARTS = 5;

  /** As long as a connection needs at most; without the gate each try takes all of it. */
  private static final Duration ONE_TRY = Duration.ofMillis(20);

  @Test
  void endsWithZeroOnSigterm() {
    try (Scene scene = new Scene(Scene.SSH)) {
      assertThat(scene.gate().terminate()).as("%s", scene.gate()).isZero();
      assertThat(scene.restart().terminate()).as("and again, %s", scene.gate()).isZero();
    }
  }

  @Test
  void givesItsFirstVerdictWithinASecond() {
    // in this layout nothing gets through without a verdict
    try (Scene scene = new Scene(Scene.SSH, Scene.DIRECT, "iptables-nft")) {
      scene.gate().terminate();
      assertThat(scene.stranger(Family.IPV4).gets(Family.IPV4.server, 80)).isFalse();
      List<Duration> times = new ArrayList<>();
      for (int i = 0; i < STARTS; i++) {
        long start = System.nanoTime();
        try (Gate gate = Gate.start(scene.wire().server(), scene.policy(), Map.of())) {
          awaitVerdict(scene, gate);
          times.add(Duration.ofNanos(System.nanoTime() - start));
          gate.awaitReady().terminate();
        }
      }
      // the best one: the others tell what else this machine is doing
      assertThat(Collections.min(times)).as("of %s", times).isLessThan(Duration.ofSeconds(1));
    }
  }

  private static void awaitVerdict(Scene scene, Gate gate) {
    for (int tries = 0; tries < 500; tries++) {
      try (Connection connection =
          scene.stranger(Family.IPV4).connect(Family.IPV4.server, 80, ONE_TRY)) {
        if (connection.established()) {
          return;
        }
      }
    }
    throw new AssertionError("no verdict after 500 tries" + gate);
  }

  @Test
  void saysWhoHasTheQueue() {
    try (Scene scene = new Scene(Scene.SSH)) {
      Run second = run(scene, Gate.LAUNCHER.toString());
      assertThat(second.exitCode()).as("%s", second).isEqualTo(4);
      assertThat(second.out()).contains("queue 0").contains(String.valueOf(scene.gate().pid()));
      assertThat(scene.stranger(Family.IPV4).gets(Family.IPV4.server, 80))
          .as("the first one still answers")
          .isTrue();
    }
  }

  @Test
  void saysWhichCapabilityIsMissing() {
    try (Scene scene = new Scene(Scene.SSH)) {
      scene.gate().terminate();
      Run run =
          run(scene, "setpriv --bounding-set -net_admin --inh-caps -net_admin " + Gate.LAUNCHER);
      assertThat(run.exitCode()).as("%s", run).isEqualTo(4);
      assertThat(run.out()).contains("CAP_NET_ADMIN");
    }
  }

  @Test
  void saysWhichPackageBringsTheLibrary() {
    try (Scene scene = new Scene(Scene.SSH)) {
      scene.gate().terminate();
      // "ip netns exec" gives each command a mount namespace of its own: only this run misses it
      String hide =
          "for file in $(ldconfig -p | awk '/libnetfilter_queue.so.1 /{print $NF}'); do"
              + " mount --bind /dev/null $file; done; exec ";
      Run run = run(scene, hide + Gate.LAUNCHER);
      assertThat(run.exitCode()).as("%s", run).isEqualTo(5);
      assertThat(run.out()).contains("libnetfilter-queue1");
    }
  }

  @Test
  void refusesAWrongPolicyBeforeItTouchesTheQueue() throws IOException {
    try (Scene scene = new Scene(Scene.SSH)) {
      Path wrong = Files.createTempFile("knockgate-it", ".conf");
      try {
        Files.writeString(wrong, Scene.SSH.replace("autoclose = 1m", "autoclose = 1"));
        Run run = Gate.command(scene.wire().server(), "run", "-c", wrong.toString());
        assertThat(run.exitCode()).as("%s", run).isEqualTo(3);
        assertThat(run.out()).contains(wrong + ":2").contains("autoclose").doesNotContain("queue");
      } finally {
        Files.delete(wrong);
      }
    }
  }

  /** Runs {@code launcher run -c POLICY} through a shell, to its end. */
  private static Run run(Scene scene, String launcher) {
    String line = launcher + " run -c " + scene.policy();
    return scene.wire().server().run("sh", "-c", line);
  }
}

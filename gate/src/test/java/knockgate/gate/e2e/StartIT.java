package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the daemon starts, what keeps it from starting, and how it ends. */
class StartIT {
  private static final int MOST_STARTS = 5;

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
      List<FirstVerdict> starts = new ArrayList<>();
      while (starts.size() < MOST_STARTS && starts.stream().noneMatch(FirstVerdict::isFast)) {
        starts.add(firstVerdict(scene));
      }
      assertThat(starts).anyMatch(FirstVerdict::isFast);
    }
  }

  /**
   * From the start of the process to the first packet that gets through.
   *
   * @param clock by the clock on the wall
   * @param processor what the process used of all processors: on a machine with nothing else to do
   *     the longer of the two, on a busy one the one that says something
   */
  private record FirstVerdict(Duration clock, Duration processor) {
    boolean isFast() {
      Duration second = Duration.ofSeconds(1);
      return clock.compareTo(second) < 0 || processor.compareTo(second) < 0;
    }
  }

  private static FirstVerdict firstVerdict(Scene scene) {
    long start = System.nanoTime();
    try (Gate gate = Gate.start(scene.wire().server(), scene.policy(), Map.of())) {
      awaitVerdict(scene, gate);
      Duration clock = Duration.ofNanos(System.nanoTime() - start);
      FirstVerdict first = new FirstVerdict(clock, gate.processorTime());
      gate.awaitReady().terminate();
      return first;
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

  /** The build has it unpacked beside the jar; out of the jar it comes from elsewhere. */
  @Test
  void takesTheNativePartThatTheBuildUnpacked() throws IOException {
    try (Scene scene = new Scene(Scene.SSH)) {
      Path maps = Path.of("/proc/" + scene.gate().pid() + "/maps");
      assertThat(Files.readString(maps)).containsPattern("/target/libjffi-[0-9.]+\\.so\n");
    }
  }

  /** The first call of a record's own equals, hashCode or toString costs a start 20 ms and more. */
  @Test
  void callsNothingThatTheJvmMustWriteFirst(@TempDir Path folder) throws IOException {
    Path classes = folder.resolve("classes"); // a file that is there the JVM would put aside
    try (Scene scene = new Scene(Scene.SSH)) {
      scene.gate().terminate();
      Map<String, String> log =
          Map.of("KNOCKGATE_JAVA_OPTIONS", "-Xlog:class+load:file=" + classes);
      try (Gate gate = Gate.start(scene.wire().server(), scene.policy(), log)) {
        gate.awaitReady().terminate();
      }
      assertThat(Files.readString(classes))
          .contains("knockgate.gate.Daemon ")
          .doesNotContain("java.lang.runtime.ObjectMethods");
    }
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

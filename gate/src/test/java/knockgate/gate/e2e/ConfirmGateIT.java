package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --confirm}: a gate that nobody confirms only observes. */
class ConfirmGateIT {
  @TempDir private Path folder;
  private Path policy = Path.of("");
  private Path controlSocket = Path.of("");

  @BeforeEach
  void writePolicy() throws IOException {
    controlSocket = folder.resolve("control.sock");
    policy =
        Files.writeString(
            folder.resolve("p.conf"), Scene.SSH + "control.socket = \"" + controlSocket + "\"\n");
  }

  @Test
  void aGateThatNobodyConfirmsOnlyObservesAlsoAfterTheReloadOfALostSession() {
    try (Wire wire = new Wire().serving(22)) {
      applyRules(wire);
      try (Gate gate = Gate.startWith(wire.server(), policy, "--confirm", "2s").awaitReady()) {
        gate.awaitLog("ONLY OBSERVES");
        assertThat(status(wire)).contains("ONLY OBSERVING", "not confirmed in time");
        assertStranger(wire, true);
        Run.of("kill", "-HUP", String.valueOf(gate.pid())).ok();
        gate.awaitLog("the policy was read again");
        assertStranger(wire, true);
        assertThat(control(wire, "reload").ok().out()).contains("ONLY OBSERVES", "observe off");
        assertThat(confirm(wire).out()).contains("the time to confirm is over");
        assertThat(control(wire, "observe", "off").exitCode()).isZero();
        assertStranger(wire, false);
        assertThat(control(wire, "reload").ok().out()).doesNotContain("OBSERVES");
      }
    }
  }

  @Test
  void aConfirmedGateGoesOnEnforcing() throws Exception {
    try (Wire wire = new Wire().serving(22)) {
      applyRules(wire);
      try (Gate gate = Gate.startWith(wire.server(), policy, "--confirm", "6s").awaitReady()) {
        assertThat(status(wire)).contains("knockgate confirm");
        assertThat(confirm(wire).ok().out()).contains("goes on enforcing");
        TimeUnit.SECONDS.sleep(6); // the time is over by then
        assertThat(status(wire)).contains("enforcing").doesNotContain("confirm");
        assertStranger(wire, false);
        assertThat(gate.log()).noneMatch(line -> line.contains("OBSERVES"));
      }
    }
  }

  @Test
  void aGateThatNobodyCouldConfirmDoesNotStart() throws IOException {
    Files.writeString(policy, Scene.SSH + "control.socket = none");
    try (Wire wire = new Wire()) {
      Run run = Gate.command(wire.server(), "run", "-c", policy.toString(), "--confirm", "2s");
      assertThat(run.exitCode()).isEqualTo(5);
      assertThat(run.out()).contains("control.socket");
    }
  }

  private void applyRules(Wire wire) {
    Gate.command(
            wire.server(),
            "rules",
            "-c",
            policy.toString(),
            "--iptables",
            "iptables-nft",
            "--confirm-socket",
            folder.resolve("confirm.sock").toString(),
            "--apply")
        .ok();
  }

  private static void assertStranger(Wire wire, boolean getsIn) {
    for (Family family : Family.values()) {
      assertThat(wire.peer(family.stranger()).gets(family.server, 22))
          .as("a stranger, %s", family)
          .isEqualTo(getsIn);
    }
  }

  private String status(Wire wire) {
    return control(wire, "status").ok().out();
  }

  private Run control(Wire wire, String... words) {
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.addAll(List.of("--socket", controlSocket.toString()));
    return Gate.command(wire.server(), arguments.toArray(String[]::new));
  }

  private Run confirm(Wire wire) {
    return control(wire, "confirm", "--confirm-socket", folder.resolve("confirm.sock").toString());
  }
}

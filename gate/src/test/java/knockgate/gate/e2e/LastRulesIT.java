package knockgate.gate.e2e;

import static knockgate.gate.e2e.SavedTables.saved;
import static knockgate.gate.e2e.SavedTables.tools;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code knockgate rules --apply --or-last}: what the machine starts with. */
class LastRulesIT {
  @TempDir private Path folder;
  private Path policy = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "iptables-nft, mark, false",
    "iptables-legacy, mark, true",
    "iptables-legacy, direct, false",
    "iptables-nft, direct, true"
  })
  void aStartWithAWrongPolicyHasTheRulesThatWereAppliedLast(
      String iptables, String layout, boolean sets) throws IOException {
    String right = Scene.SSH + (sets ? "queue.filter = kernel-set\n" : "");
    policy = Files.writeString(folder.resolve("ssh.conf"), right);
    String[] orLast = {"--apply", "--or-last", "--last", folder.resolve("last").toString()};
    try (Wire wire = new Wire().serving(22)) {
      Namespace server = wire.server();
      List<String> applied = new ArrayList<>(List.of(orLast));
      applied.addAll(List.of("--layout", layout));
      rules(server, iptables, applied.toArray(String[]::new)).ok();
      String before = saved(server, iptables);
      rules(server, iptables, "--remove").ok();
      for (Family family : Family.values()) {
        assertThat(wire.peer(family.stranger()).gets(family.server, 22)).as("open").isTrue();
      }
      Files.writeString(policy, "doors = typo\n");
      for (int times = 1; times <= 2; times++) {
        Run start = rules(server, iptables, orLast);
        assertThat(start.exitCode()).as(start.out()).isEqualTo(3);
        assertThat(start.out()).contains("applied last are in place", "ssh.conf:1");
        assertThat(saved(server, iptables)).isEqualTo(before);
        for (Family family : Family.values()) {
          assertThat(wire.peer(family.stranger()).gets(family.server, 22)).as("closed").isFalse();
          assertThat(wire.peer(family.rescue()).gets(family.server, 22)).as("rescue").isTrue();
        }
        for (String tool : tools(iptables)) {
          server.run(tool, "-F", "INPUT").ok(); // an incomplete one is mended, too
        }
      }
      rules(server, iptables, "--remove").ok();
      Files.delete(folder.resolve("last"));
      Run start = rules(server, iptables, orLast);
      assertThat(start.exitCode()).isEqualTo(3);
      assertThat(start.out()).contains("NOTHING WAS PUT IN PLACE OF IT", "ssh.conf:1");
    }
  }

  /** Under a process 1 of its own, as that of the machine is not shown to every root. */
  @Test
  void theMachinesOwnCopyIsNotForANamespace() throws IOException {
    policy = Files.writeString(folder.resolve("ssh.conf"), "doors = typo\n");
    try (Wire wire = new Wire()) {
      String stay = "\"$@\"; exit $?";
      List<String> command =
          new ArrayList<>(
              List.of("unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", stay, "sh"));
      List<String> rules =
          List.of(
              Gate.LAUNCHER.toString(), "rules", "-c", policy.toString(), "--apply", "--or-last");
      command.addAll(wire.server().command(rules));
      Run start = Run.of(command.toArray(String[]::new));
      assertThat(start.exitCode()).isEqualTo(3);
      assertThat(start.out()).contains("it is for another network namespace");
    }
  }

  private Run rules(Namespace namespace, String iptables, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("rules", "-c", policy.toString(), "--iptables", iptables));
    arguments.addAll(List.of(options));
    return Gate.command(namespace, arguments.toArray(String[]::new));
  }
}

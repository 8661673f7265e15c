package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code knockgate selftest}: what works, what fails, and that nothing is left of either. */
class SelftestIT {
  private static final String EVERY_KIND =
      """
      mode = observe
      queue.count = 2
      doors {
        ssh { protects = [ "tcp/22" ], knock = [ 7000, "udp/8000", "icmp/99" ], connections = 1 }
        net { protects = [ "tcp/23" ], knock = [ 7001, 8001 ], covers { v4 = 8, v6 = 64 } }
        dns { protects = [ "udp/53" ], knock = [ 7002, 8002, 9002 ], strict = false }
        web {
          protects = [ "tcp/80-90" ]
          rotating { secret = "0123456789abcdef", range = "tcp/20000-29999" }
        }
        imap { protects = [ "tcp/993" ], spa { dialect = pknock, port = 4002, open-secret = "a b c" } }
        vpn {
          protects = [ "tcp/25", "udp/1194" ]
          spa {
            dialect = fwknop
            stanzas {
              far { key = "abcdefgh", hmac-key = "ijklmnop", source = [ "203.0.113.9" ] }
              near { key = "qrstuvwx", hmac-key = "yz012345", restricted = [ "tcp/25" ] }
            }
          }
        }
      }
      """;

  @TempDir private Path folder;

  @AfterEach
  void nothingIsLeft() {
    assertThat(Run.of("ip", "netns", "list").ok().out()).doesNotContain("knockgate-selftest");
  }

  @Test
  void everyKindOfDoorIsTriedByBothFamilies() throws IOException {
    String places = "state.file = \"%1$s/state\"\ncontrol.socket = \"%1$s/socket\"\n";
    String text = places.formatted(folder) + "events.to = \"" + folder + "/events\"\n" + EVERY_KIND;
    Run run = selftest(Map.of(), "--json", "-c", policy(text).toString()).ok();
    assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("p.conf"));
    assertThat(run.out().split("\"outcome\":\"works\"", -1)).as("%s", run).hasSize(1 + 11);
    assertThat(run.out())
        .contains("{\"door\":\"ssh\",\"family\":\"IPv6\",\"outcome\":\"works\"")
        .contains("udp/1194 shut to a stranger, opened by one message of stanza near")
        .contains("open to a whole network")
        .contains("\"outcome\":\"untried\",\"sentence\":\"the dialect pknock has no IPv6")
        .doesNotContain("fails", "abcdefgh", "a b c");
  }

  @Test
  void aDoorThatShutsNothingFails() throws IOException {
    tool("iptables-restore", "exec cat >/dev/null"); // as if somebody had taken the rules away
    Run run = selftest(path(), "-c", policy(Scene.SSH).toString());
    assertThat(run.exitCode()).as("%s", run).isEqualTo(1);
    assertThat(run.out())
        .contains("ssh, IPv4 FAILS: a stranger gets in at tcp/22", "ssh, IPv6 works")
        .contains("1 of 2 trials work, 1 failed");
  }

  @Test
  void whatTheKernelRefusesIsToldAndClearedUp() throws IOException {
    tool("iptables-restore", "echo no such table >&2; exit 3");
    Run run = selftest(path(), "-c", policy(Scene.SSH).toString());
    assertThat(run.exitCode()).as("%s", run).isEqualTo(4);
    assertThat(run.out()).contains("no such table").hasLineCount(1);
  }

  @Test
  void anEndInTheMiddleLeavesNothing() throws IOException, InterruptedException {
    tool("iptables-restore", "sleep 20");
    ProcessBuilder builder =
        new ProcessBuilder(
            Gate.LAUNCHER.toString(), "selftest", "-c", policy(Scene.SSH).toString());
    builder.environment().putAll(path());
    Process process = builder.redirectErrorStream(true).start();
    try {
      String name = "knockgate-selftest-" + process.pid() + "-client";
      Path namespace = Path.of("/run/netns").resolve(name);
      await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(namespace));
      process.destroy();
      process.waitFor();
      assertThat(namespace).doesNotExist();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Test
  void whoeverIsNotRootIsToldSo() throws IOException {
    Path policy = Files.createTempFile("knockgate-it", ".conf");
    try {
      Files.writeString(policy, Scene.SSH);
      Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-r--r--"));
      String[] user = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
      List<String> command =
          List.of(
              user[0],
              user[1],
              user[2],
              user[3],
              Gate.LAUNCHER.toString(),
              "selftest",
              "-c",
              policy.toString());
      Run run = Run.with(Map.of(), command);
      assertThat(run.exitCode()).as("%s", run).isEqualTo(4);
      assertThat(run.out()).contains("run it as root").hasLineCount(1);
    } finally {
      Files.delete(policy);
    }
  }

  private static Run selftest(Map<String, String> environment, String... options) {
    List<String> command = new ArrayList<>(List.of(Gate.LAUNCHER.toString(), "selftest"));
    command.addAll(List.of(options));
    return Run.with(environment, command);
  }

  /** A program of that name, in front of the real one. */
  private void tool(String name, String script) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Map<String, String> path() {
    return Map.of("PATH", folder + ":" + System.getenv("PATH"));
  }

  private Path policy(String text) throws IOException {
    return Files.writeString(folder.resolve("p.conf"), text);
  }
}

package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that a real gate runs when a door opens and shuts, as knockd's commands do. */
class HookIT {
  @TempDir private Path folder;
  private Path program;
  private Path lines;

  @BeforeEach
  void write() throws IOException {
    lines = folder.resolve("lines");
    program = folder.resolve("hook");
    Files.writeString(
        program, "#!/bin/sh\n[ \"$1\" = hang ] && sleep 1000\necho \"$*\" >>'" + lines + "'\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String policy(String open, String shut) {
    return """
        control.socket = "FOLDER/run/control.sock"
        doors { ssh {
          protects = [ "tcp/22" ], knock = [ 7000, 8000, 9000 ], autoclose = 3s
          on-open = [ "PROGRAM", OPEN ], on-close = [ "PROGRAM", SHUT ], hook-timeout = 2s
        } }
        """
        .replace("FOLDER", folder.toString())
        .replace("PROGRAM", program.toString())
        .replace("OPEN", open)
        .replace("SHUT", shut);
  }

  private List<String> await(int count) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!Files.exists(lines) || Files.readAllLines(lines).size() < count) {
      assertThat(System.nanoTime()).as("waited for line " + count).isLessThan(deadline);
      Thread.sleep(10);
    }
    return Files.readAllLines(lines);
  }

  private static void knock(Scene scene, Family family) {
    scene.friend(family).knock(family.server, List.of("tcp/7000", "tcp/8000", "tcp/9000"));
  }

  @Test
  void runWhenTheDoorOpensAndWhenItsTimeIsUp() throws IOException, InterruptedException {
    String open = "open, \"{door}\", \"{peer}\", \"{family}\", \"{left}\"";
    try (Scene scene = new Scene(policy(open, "shut, \"{peer}\""))) {
      for (Family family : Family.values()) {
        Files.deleteIfExists(lines);
        String peer = family.friend();
        knock(scene, family);
        assertThat(await(1).get(0))
            .matches(
                "open ssh " + peer + " " + (family == Family.IPV4 ? "ipv4" : "ipv6") + " [23]");
        assertThat(scene.friend(family).gets(family.server, 22)).isTrue();
        assertThat(await(2).get(1)).isEqualTo("shut " + peer);
        assertThat(scene.friend(family).gets(family.server, 22)).isFalse();
      }
    }
  }

  @Test
  void aHookThatHangsKeepsNobodyOut() {
    try (Scene scene = new Scene(policy("hang", "hang"))) {
      Peer friend = scene.friend(Family.IPV4);
      for (int i = 0; i < 3; i++) {
        try (Connection connection =
            friend.knockAndConnect(
                Family.IPV4.server, List.of("tcp/7000", "tcp/8000", "tcp/9000"), 22)) {
          assertThat(connection.established()).as("%s", scene.gate()).isTrue();
        }
      }
      awaitLog(scene, "took longer than 2000 ms and was ended");
      Run status =
          Gate.command(
              scene.wire().server(), "status", "-s", folder.resolve("run/control.sock").toString());
      assertThat(status.ok().out()).containsPattern("hooks +\\d+ started, [1-9]\\d* failed");
      assertThat(scene.gate().terminate()).isZero();
    }
  }

  private static void awaitLog(Scene scene, String text) {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (scene.gate().log().stream().noneMatch(line -> line.contains(text))) {
      assertThat(System.nanoTime()).as("%s", scene.gate()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}

package knockgate.gate.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our own clients open the gate: every dialect, both families, every way to give a secret. */
class SpaClientIT {
  @TempDir Path folder;

  private String secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file.toString();
  }

  private static void opens(Scene scene, Peer peer, Family family, int port, String... words) {
    assertThat(peer.gets(family.server, port)).as("before").isFalse();
    List<String> command = new ArrayList<>(List.of(words));
    command.addAll(List.of("--source", peer.address(), family.server));
    Gate.command(scene.wire().client(), command.toArray(String[]::new)).ok();
    assertThat(peer.gets(family.server, port)).as("%s %s", command, scene.gate()).isTrue();
    assertThat(scene.stranger(family).gets(family.server, port)).as("a stranger").isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void everyDialectOpensAndTheCloseMessageCloses(Family family) throws IOException {
    String key = secret("key", Messages.FWKNOP_KEY);
    String hmac = secret("hmac", Messages.FWKNOP_HMAC_KEY);
    String open = secret("open", Messages.PKNOCK_SECRET);
    String close = secret("close", Messages.PKNOCK_CLOSE);
    String rotating = secret("rotating", Messages.ROTATING_SECRET);
    try (Scene scene = new Scene(Messages.DOORS)) {
      scene.wire().serving(443);
      Peer one = scene.wire().peer(family.host(31));
      opens(
          scene,
          one,
          family,
          22,
          "spa",
          "fwknop",
          "-s",
          "-A",
          "tcp/22",
          "--key-file",
          key,
          "--hmac-key-file",
          hmac);
      opens(scene, one, family, 80, "spa", "pknock", "--port", "4002", "--secret-file", open);
      opens(
          scene,
          one,
          family,
          443,
          "knock",
          "--rotating",
          "rotating",
          "--range",
          "tcp/20000-29999",
          "--secret-file",
          rotating);
      String policy = scene.policy().toString();
      Peer two = scene.wire().peer(family.host(32));
      opens(scene, two, family, 443, "knock", "-c", policy, "--door", "rotating");
      opens(scene, two, family, 80, "spa", "pknock", "-c", policy, "--door", "pknock");

      String[] shut = {
        "spa",
        "pknock",
        "--port",
        "4002",
        "--secret-file",
        close,
        "--source",
        two.address(),
        family.server
      };
      Gate.command(scene.wire().client(), shut).ok();
      assertThat(two.gets(family.server, 80)).as("after the close message").isFalse();
      assertThat(one.gets(family.server, 80)).as("another's grant").isTrue();
    }
  }

  @Test
  void thePrintedSequenceOpensWithAStockClientAndNotTwice() {
    try (Scene scene = new Scene(Messages.DOORS)) {
      scene.wire().serving(443);
      Family family = Family.IPV4;
      Run printed =
          Gate.command(
              scene.wire().client(), "sequence", "-c", scene.policy().toString(), "rotating");
      String ports = printed.ok().out().lines().filter(l -> l.matches("[\\d ]+")).findFirst().get();
      assertThat(printed.out()).contains("until ");
      List<String> knock = new ArrayList<>(List.of("knock", family.server));
      knock.addAll(List.of(ports.split(" ", -1)));
      scene.wire().client().run(knock.toArray(String[]::new)).ok();
      Peer friend = scene.friend(family);
      assertThat(friend.gets(family.server, 443)).as("%s %s", ports, scene.gate()).isTrue();

      Peer watcher = scene.stranger(family);
      List<String> copied = List.of(ports.split(" ", -1)).stream().map(p -> "tcp/" + p).toList();
      List<String> reversed = new ArrayList<>(copied);
      Collections.reverse(reversed);
      watcher.knock(family.server, reversed);
      assertThat(watcher.gets(family.server, 443)).as("another order").isFalse();
    }
  }

  @Test
  void secretsComeFromTheEnvironmentAndFromAnRcStanza() throws IOException {
    try (Scene scene = new Scene(Messages.DOORS)) {
      Family family = Family.IPV6;
      Peer friend = scene.friend(family);
      Map<String, String> keys =
          Map.of(
              "KNOCKGATE_KEY", Messages.FWKNOP_KEY, "KNOCKGATE_HMAC_KEY", Messages.FWKNOP_HMAC_KEY);
      Gate.command(
              scene.wire().client(),
              keys,
              "spa",
              "fwknop",
              "-A",
              "tcp/22",
              "--source",
              friend.address(),
              family.server)
          .ok();
      assertThat(friend.gets(family.server, 22)).as("%s", scene.gate()).isTrue();

      String rc =
          secret(
              "rc",
              """
              [gate]
              SPA_SERVER  %s
              ACCESS      tcp/22
              ALLOW_IP    %s
              KEY         %s
              HMAC_KEY    %s
              """
                  .formatted(
                      Family.IPV4.server,
                      Family.IPV4.host(40),
                      Messages.FWKNOP_KEY,
                      Messages.FWKNOP_HMAC_KEY));
      Gate.command(scene.wire().client(), "spa", "fwknop", "-n", "gate", "--rc-file", rc).ok();
      Peer named = scene.wire().peer(Family.IPV4.host(40));
      assertThat(named.gets(Family.IPV4.server, 22)).as("the address inside").isTrue();
      assertThat(scene.friend(Family.IPV4).gets(Family.IPV4.server, 22)).as("sender").isFalse();
    }
  }

  /** script(1) lends a terminal; standard input of the client is none. */
  @Test
  void aSecretIsAskedForOnTheTerminalAndNotShown() throws Exception {
    try (Scene scene = new Scene(Messages.DOORS)) {
      String client =
          Gate.LAUNCHER + " spa pknock --port 4002 " + Family.IPV4.server + " </dev/null";
      ProcessBuilder builder =
          new ProcessBuilder(
              scene.wire().client().command(List.of("script", "-qec", client, "/dev/null")));
      Process process = builder.redirectErrorStream(true).start();
      StringBuilder shown = new StringBuilder();
      while (!shown.toString().contains("secret: ")) {
        int next = process.getInputStream().read();
        assertThat(next).as("ended after: " + shown).isNotNegative();
        shown.append((char) next);
      }
      process.getOutputStream().write(Messages.bytes(Messages.PKNOCK_SECRET + "\n"));
      process.getOutputStream().flush();
      shown.append(new String(process.getInputStream().readAllBytes(), UTF_8));
      assertThat(process.waitFor()).as(shown.toString()).isZero();
      assertThat(shown.toString()).doesNotContain(Messages.PKNOCK_SECRET);
      assertThat(scene.friend(Family.IPV4).gets(Family.IPV4.server, 80))
          .as("%s", scene.gate())
          .isTrue();
    }
  }

  @Test
  void withoutATerminalAMissingSecretIsOneSentence() {
    try (Wire wire = new Wire()) {
      Run run =
          Run.with(
              Map.of(),
              wire.client()
                  .command(
                      List.of(
                          "setsid",
                          "-w",
                          Gate.LAUNCHER.toString(),
                          "spa",
                          "pknock",
                          "--port",
                          "4002",
                          Family.IPV4.server)));
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out())
          .isEqualTo("knockgate: no secret: give --secret-file FILE, or set KNOCKGATE_SECRET\n");
    }
  }

  @Test
  void theCommandBehindRunsOnOurStreamsAndGivesItsExitCode() throws IOException {
    String open = secret("open", Messages.PKNOCK_SECRET);
    try (Scene scene = new Scene(Messages.DOORS)) {
      Family family = Family.IPV6;
      String then = "printf hello | nc -N -w 2 -s " + family.friend() + " " + family.server + " 80";
      Run run =
          Gate.command(
              scene.wire().client(),
              "spa",
              "pknock",
              "--port",
              "4002",
              "--secret-file",
              open,
              "--source",
              family.friend(),
              family.server,
              "--then",
              then);
      assertThat(run.ok().out()).as("%s", scene.gate()).isEqualTo("hello");
      Run failed =
          Gate.command(scene.wire().client(), "knock", family.server, "7000", "--then", "exit 42");
      assertThat(failed.exitCode()).isEqualTo(42);
    }
  }
}

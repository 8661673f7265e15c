package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at a running gate and change it, by what packets then do. */
class ControlIT {
  private static final String FRIEND = Family.IPV4.friend();
  private static final String SERVER = Family.IPV4.server;

  @TempDir private Path folder;
  private Path socket;
  private Scene scene;

  @BeforeEach
  void open() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    socket = folder.resolve("run/control.sock");
    scene = new Scene(policy());
  }

  private String policy() {
    return Scene.SSH
        + "control { socket = \""
        + socket
        + "\", group = nogroup }\nmetrics { listen = \"127.0.0.1:9469\" }\n";
  }

  @AfterEach
  void close() {
    scene.close();
  }

  /** Runs a command against the gate, whatever comes of it. */
  private Run ask(String... arguments) {
    return Gate.command(
        scene.wire().server(), Map.of("KNOCKGATE_SOCKET", socket.toString()), arguments);
  }

  private String told(String... arguments) {
    return ask(arguments).ok().out();
  }

  private Peer friend() {
    return scene.friend(Family.IPV4);
  }

  private void knock(String... steps) {
    friend().knock(SERVER, List.of(steps));
    String last = steps[steps.length - 1].substring(4);
    scene.gate().awaitEvent("knock", e -> e.field("port").equals(last));
  }

  private void openTheDoor() {
    knock("tcp/7000", "tcp/8000", "tcp/9000");
    scene.gate().awaitEvent("grant", e -> e.field("event").equals("grant"));
  }

  @Test
  void anAttemptIsSeenStepByStep() {
    knock("tcp/7000", "tcp/8000");

    assertThat(told("attempts").lines().skip(1))
        .singleElement()
        .asString()
        .matches("ssh +" + FRIEND + " +2 of 3 +.* ago +[0-9.]+ s");
    assertThat(told("status", "--pknock", "ssh"))
        .matches(
            "src="
                + FRIEND
                + " proto=TCP status=MATCHING accepted_knock_count=2 expir_time=(10|9|8) \\[secs] "
                + "\n");
    assertThat(told("why", FRIEND))
        .contains("Door ssh: 2 of 3 knocks made, the last ")
        .contains("first knock, tcp/7000: step 1 of 3")
        .contains("second knock, tcp/8000, ")
        .contains("Door ssh: the third of 3 knocks, tcp/9000, has still to come.");
    assertThat(told("doors")).contains("ssh", "tcp/22", "tcp/7000 tcp/8000 tcp/9000");
  }

  @Test
  void aGrantIsSeenWithItsTime() {
    openTheDoor();
    assertThat(friend().gets(SERVER, 22)).isTrue();

    assertThat(told("grants").lines().skip(1))
        .singleElement()
        .asString()
        .matches("ssh +" + FRIEND + " +5\\d s +unlimited +all");
    assertThat(told("status", "--pknock", "ssh"))
        .matches(
            "src="
                + FRIEND
                + " proto=TCP status=ALLOWED accepted_knock_count=3 autoclose_time=(60|5\\d)"
                + " \\[secs] \n");
    assertThat(told("why", FRIEND))
        .contains("Door ssh is open to " + FRIEND + " for another 5")
        .contains("third knock, tcp/9000: open for 60 s", "tcp/22 admitted");
    assertThat(told("status")).contains("enforcing", "1 of 16384 grants", "3 counted", "queue 0");
    assertThat(told("top", "--count", "1")).contains(FRIEND, "GRANTS", "p99");
  }

  @Test
  void grantsByHandCountFromTheNextPacketOn() {
    for (Family family : Family.values()) {
      Peer peer = scene.stranger(family);
      assertThat(peer.gets(family.server, 22)).isFalse();

      assertThat(told("grant", "ssh", peer.address(), "--for", "10m"))
          .isEqualTo("Door ssh is open to " + peer.address() + " for 10 min.\n");
      assertThat(peer.gets(family.server, 22)).isTrue();
      assertThat(told("extend", "ssh", peer.address(), "--for", "3h"))
          .isEqualTo("Door ssh is open to " + peer.address() + " for 3 h.\n");
      assertThat(told("grants")).contains("2 h 59 min");

      told("revoke", "ssh", peer.address());
      assertThat(peer.gets(family.server, 22)).isFalse();
      assertThat(told("why", peer.address())).contains("the grant was taken back");
      Run again = ask("revoke", "ssh", peer.address());
      assertThat(again.exitCode()).isEqualTo(1);
      assertThat(again.out())
          .isEqualTo("knockgate: " + peer.address() + " holds no grant for ssh\n");
    }
  }

  @Test
  void whyTellsWhatWasMissing() {
    knock("tcp/7000", "tcp/9999");
    scene.stranger(Family.IPV6).gets(Family.IPV6.server, 22);

    assertThat(told("why", FRIEND))
        .contains("Door ssh: the second knock was wrong: tcp/9999 instead of tcp/8000.");
    assertThat(told("why", Family.IPV6.stranger()))
        .contains("Door ssh: it asked for tcp/22 without a knock before.");
    assertThat(told("why", "203.0.113.77")).contains("Nothing of it is remembered");
  }

  @Test
  void everyCommandSpeaksJson() {
    openTheDoor();
    scene.stranger(Family.IPV4).gets(SERVER, 22);
    String[][] commands = {
      {"status"},
      {"doors"},
      {"attempts"},
      {"grants"},
      {"why", FRIEND},
      {"events"},
      {"top", "--count", "1"},
      {"status", "--pknock", "ssh"},
      {"grant", "ssh", "203.0.113.1"},
      {"extend", "ssh", "203.0.113.1", "--for", "2h"},
      {"revoke", "ssh", "203.0.113.1"},
      {"reload"},
      {"observe", "on"},
      {"stop"},
    };
    for (String[] command : commands) {
      String[] json = java.util.Arrays.copyOf(command, command.length + 1);
      json[command.length] = "--json";
      List<String> lines = told(json).lines().toList();
      assertThat(lines.isEmpty())
          .as("nobody is in the middle of a sequence, all else has an answer: %s", command[0])
          .isEqualTo(command[0].equals("attempts"));
      assertThat(lines)
          .as("%s", (Object) json)
          .allSatisfy(line -> assertThat(Event.of(line).fields()).isNotEmpty());
    }
    assertThat(scene.gate().awaitEnd()).isZero();
    assertThat(ask("status").exitCode()).as("nobody there any more").isEqualTo(1);
  }

  @Test
  void eventsAreFollowedAsTheyCome() throws IOException, InterruptedException {
    knock("tcp/7000");
    Path lines = folder.resolve("lines");
    Process follower =
        new ProcessBuilder(
                Gate.LAUNCHER.toString(), "events", "--follow", "--json", "-s", socket.toString())
            .redirectOutput(lines.toFile())
            .start();
    try {
      await(lines, "first-knock");
      knock("tcp/8000", "tcp/9000");
      await(lines, "opened");
    } finally {
      follower.destroy();
      follower.waitFor();
    }
    assertThat(Files.readAllLines(lines).stream().map(line -> Event.of(line).field("reason")))
        .containsExactly("first-knock", "knock", "opened");
  }

  private static void await(Path file, String text) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!Files.readString(file).contains(text)) {
      assertThat(System.nanoTime()).as("waited for " + text).isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  @Test
  void aWrongPolicyChangesNothingAndARightOneKeepsGrants() throws IOException {
    openTheDoor();
    knock("tcp/7000");
    Files.writeString(scene.policy(), policy().replace("tcp/22", "tcp/22222222"));
    Run wrong = ask("reload");
    assertThat(wrong.exitCode()).isEqualTo(3);
    assertThat(wrong.out()).contains("doors.ssh.protects", "22222222");
    assertThat(friend().gets(SERVER, 22)).isTrue();

    Files.writeString(scene.policy(), policy().replace("tcp/22", "tcp/80"));
    assertThat(told("reload")).isEqualTo("The policy was read again and is in use.\n");
    assertThat(friend().gets(SERVER, 80)).as("the grant stays, for the door").isTrue();
    assertThat(scene.stranger(Family.IPV4).gets(SERVER, 80)).isFalse();
  }

  @Test
  void observingLetsEverythingPass() {
    Peer stranger = scene.stranger(Family.IPV4);
    told("observe", "on");
    assertThat(stranger.gets(SERVER, 22)).isTrue();
    assertThat(told("why", stranger.address())).contains("only observed: it passed");
    told("observe", "off");
    assertThat(stranger.gets(SERVER, 22)).isFalse();
  }

  /** Says a request as somebody else, with nothing but a stock tool and the protocol. */
  private Run sayAs(int user, int group, String request) {
    return Run.of(
        "sh",
        "-c",
        "printf '"
            + request
            + "\\n\\n' | setpriv --reuid "
            + user
            + " --regid "
            + group
            + " --clear-groups nc -NU "
            + socket);
  }

  @Test
  void theGroupLooksRootChangesAndOthersDoNeither() {
    int nogroup = 65534;
    Run status = sayAs(4711, nogroup, "ask=status");
    assertThat(status.out()).contains("\"what\":\"gate\"").endsWith("\"ok\":true}\n");
    assertThat(sayAs(4711, nogroup, "ask=doors").out())
        .contains("\"door\":\"ssh\"")
        .doesNotContain("7000");
    for (String change :
        List.of(
            "ask=grant\\ndoor=ssh\\npeer=" + FRIEND,
            "ask=extend\\ndoor=ssh\\npeer=" + FRIEND,
            "ask=revoke\\ndoor=ssh\\npeer=" + FRIEND,
            "ask=reload",
            "ask=observe\\nmode=on",
            "ask=stop")) {
      assertThat(sayAs(4711, nogroup, change).out())
          .as(change)
          .contains("\"exit\":4", "only root and the user that the gate runs as may ask it to");
    }
    assertThat(sayAs(4711, 4711, "ask=status").exitCode()).as("neither").isNotZero();
    assertThat(sayAs(0, 0, "ask=grant\\ndoor=ssh\\npeer=" + FRIEND).out()).contains("\"grant\"");
    assertThat(friend().gets(SERVER, 22)).isTrue();
  }

  @Test
  void metricsAreServedOnLoopbackWithTheKernelsOwnCounters() {
    openTheDoor();
    Run page =
        scene
            .wire()
            .server()
            .run("sh", "-c", "printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' | nc 127.0.0.1 9469");
    assertThat(page.ok().out())
        .startsWith("HTTP/1.")
        .contains("\nknockgate_grants_total 1.0\n")
        .contains("\nknockgate_queue_dropped_total{place=\"queue\",queue=\"0\"} 0.0\n")
        .contains("\nknockgate_queue_waiting{queue=\"0\"} ")
        .contains("\nknockgate_verdict_seconds_count ");
    assertThat(scene.wire().client().run("nc", "-z", "-w", "1", SERVER, "9469").exitCode())
        .as("from another machine")
        .isNotZero();
  }
}

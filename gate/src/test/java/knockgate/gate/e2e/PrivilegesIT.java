package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The daemon with what its systemd unit leaves it, and with more. */
class PrivilegesIT {
  private static final String USER = "65534";
  private static final List<String> KNOCKS = List.of("tcp/7000", "tcp/8000", "tcp/9000");

  /** The unit's User, AmbientCapabilities, CapabilityBoundingSet, NoNewPrivileges. */
  private static final String AS_USER =
      "setpriv --reuid=%s --regid=%<s --clear-groups --inh-caps=-all,+net_admin"
          + " --ambient-caps=-all,+net_admin --bounding-set=-all,+net_admin --no-new-privs";

  /** ProtectProc and ProcSubset; seen by this run only, "ip netns exec" has mounts of its own. */
  private static final String HIDE_PROC =
      "mount -t proc -o hidepid=invisible,subset=pid proc /proc && exec ";

  private static final String READ_CURE =
      "; root may (sudo); for a gate of this user: chgrp nobody, chmod 640";

  private Path folder = Path.of("");

  /** Not a @TempDir: those can be entered by their owner only. */
  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("knockgate-it");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void removeFolder() {
    Run.of("rm", "-r", folder.toString()).ok();
  }

  @Test
  void anOrdinaryUserWithOneCapabilityIsEnough() throws IOException {
    Path policy = policyOfUser();
    Files.writeString(policy, Files.readString(policy) + "queue.count = 2\n");
    try (Wire wire = new Wire().serving(22)) {
      Gate.command(wire.server(), "rules", "-c", policy.toString(), "--apply").ok();
      List<String> confined =
          List.of("sh", "-c", HIDE_PROC + AS_USER.formatted(USER) + " \"$@\"", "sh");
      try (Gate gate = Gate.start(wire.server(), confined, policy, Map.of()).awaitReady()) {
        Peer friend = wire.peer(Family.IPV4.friend());
        assertThat(friend.gets(Family.IPV4.server, 22)).isFalse();
        try (Connection session = friend.knockAndConnect(Family.IPV4.server, KNOCKS, 22)) {
          assertThat(session.established()).as("%s", gate).isTrue();
        }
        assertThat(Files.readAllLines(Path.of("/proc/" + gate.pid() + "/status")))
            .contains("Uid:\t65534\t65534\t65534\t65534", "CapEff:\t0000000000001000")
            .contains("CapBnd:\t0000000000001000", "NoNewPrivs:\t1");
        assertThat(gate.log()).noneMatch(line -> line.contains("fault") || isWarning(line));
        assertThat(ask("reload").ok().out()).isNotNull();
        assertThat(ask("grants").ok().out()).contains(Family.IPV4.friend());
        // the kernel shows them to root, who asks, and not to the gate
        assertThat(askOn(wire, "status").ok().out())
            .contains("0 waiting, 0 dropped by the queue")
            .as("also those of the second lane")
            .doesNotContain("root only");
        assertThat(ask("status").ok().out()).contains("the kernel shows its counters to root only");
        assertThat(gate.terminate()).isZero();
        assertThat(Files.readString(folder.resolve("own/events"))).contains("\"opened\"");
      }
    }
  }

  @Test
  void theQueuesOfAGateInAnotherProcessNamespaceAreKnownByTheirSockets() throws IOException {
    Path policy = policyOfUser();
    Files.writeString(policy, Files.readString(policy) + "queue.count = 2\n");
    try (Wire wire = new Wire()) {
      List<String> confined = new ArrayList<>(List.of("unshare", "--pid", "--fork"));
      confined.addAll(List.of("--kill-child", "--mount-proc"));
      confined.addAll(List.of(AS_USER.formatted(USER).split(" ", -1)));
      try (Gate gate = Gate.start(wire.server(), confined, policy, Map.of()).awaitReady()) {
        assertThat(askOn(wire, "status").ok().out())
            .as("%s", gate)
            .contains("0 waiting, 0 dropped by the queue")
            .doesNotContain("root only");
      }
    }
  }

  @Test
  void aGroupThatTheUserIsNotInIsToldWithTheCure() throws IOException {
    Path policy = policyOfUser();
    Files.writeString(policy, Files.readString(policy) + "\ncontrol.group = daemon\n");
    try (Wire wire = new Wire()) {
      List<String> confined = List.of(AS_USER.formatted(USER).split(" ", -1));
      try (Gate gate = Gate.start(wire.server(), confined, policy, Map.of())) {
        assertThat(gate.awaitEnd()).isEqualTo(5);
        assertThat(gate.log())
            .anyMatch(line -> line.contains("the gate's user is not in the group \"daemon\""))
            .anyMatch(line -> line.contains("usermod -aG daemon USER"));
      }
    }
  }

  @Test
  void aSecretThatTheUserMayNotReadIsToldWithTheCure() throws IOException {
    Path policy = policyOfUser();
    Path secret = Files.writeString(folder.resolve("key"), "0123456789abcdef0123456789abcdef\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    String door =
        """

        doors.v { protects = [ "tcp/80" ]
                  rotating { secret-file = key, range = "tcp/20000-29999" } }
        """;
    Files.writeString(policy, Files.readString(policy) + door);
    try (Wire wire = new Wire()) {
      List<String> confined = List.of(AS_USER.formatted(USER).split(" ", -1));
      try (Gate gate = Gate.start(wire.server(), confined, policy, Map.of())) {
        assertThat(gate.awaitEnd()).isEqualTo(3);
        assertThat(gate.log())
            .anyMatch(line -> line.endsWith("user nobody may not read key" + READ_CURE));
      }
    }
  }

  @Test
  void aPolicyThatTheUserMayNotReadIsToldWithTheCureOfAGate() throws IOException {
    Path policy = policyOfUser();
    Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-------"));
    Files.setOwner(policy, Files.getOwner(Path.of("/")));
    try (Wire wire = new Wire()) {
      List<String> confined = List.of(AS_USER.formatted(USER).split(" ", -1));
      try (Gate gate = Gate.start(wire.server(), confined, policy, Map.of())) {
        assertThat(gate.awaitEnd()).isEqualTo(3);
        assertThat(gate.log())
            .anyMatch(line -> line.endsWith("user nobody may not read the file" + READ_CURE));
      }
    }
  }

  private Run ask(String command) {
    return Run.of(
        Gate.LAUNCHER.toString(), command, "--socket", folder.resolve("own/control").toString());
  }

  private Run askOn(Wire wire, String command) {
    return Gate.command(
        wire.server(), command, "--socket", folder.resolve("own/control").toString());
  }

  @Test
  void moreThanThatIsWarnedOfOnce() {
    try (Scene scene = new Scene(Scene.SSH)) {
      assertThat(scene.gate().log()).filteredOn(PrivilegesIT::isWarning).hasSize(1);
    }
  }

  private static boolean isWarning(String line) {
    return line.startsWith("knockgate: warning: this process may more than the gate needs");
  }

  /** What the unit's StateDirectory and RuntimeDirectory are: a folder that is the user's own. */
  private Path policyOfUser() throws IOException {
    Path own = Files.createDirectory(folder.resolve("own"));
    String outlets = "control.socket = \"%s\"\nevents.to = \"%s\"\n";
    Path policy =
        Files.writeString(
            folder.resolve("p.conf"),
            outlets.formatted(own.resolve("control"), own.resolve("events")) + Scene.SSH);
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-x---"));
    Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-r-----"));
    Run.of("chown", USER + ":" + USER, own.toString(), policy.toString()).ok();
    return policy;
  }
}

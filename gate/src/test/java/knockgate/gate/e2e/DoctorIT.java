package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import knockgate.nfq.QueueOptions;
import knockgate.nfq.QueueSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code knockgate doctor}: each thing is broken for real in a namespace, and is found. */
class DoctorIT {
  @TempDir private Path folder;

  @Test
  void findsWhatOthersDoToTheFirewallAndItsCureCures() {
    try (Scene scene = new Scene(Scene.SSH)) {
      isWell(scene);
      breaks(scene, "iptables -F INPUT", "filter/INPUT does not lead to the gate");
      breaks(scene, "ip6tables -t mangle -F KNOCKGATE-QUEUE", "mangle/KNOCKGATE-QUEUE is empty");
      breaks(scene, "iptables -I INPUT -p tcp --dport 22 -j ACCEPT", "stands before the gate");
      breaks(scene, "iptables -D KNOCKGATE-DOORS -j DROP", "it lacks \\\"-j DROP");
      breaks(scene, "ip6tables -A INPUT -j KNOCKGATE", "leads to the gate 2 times");
      scene.wire().server().run("iptables", "-N", "ufw-before-input").ok();
      breaks(scene, "iptables -F", "ufw may have flushed them");
    }
  }

  @Test
  void findsAForgottenFamilyAndNoRulesAtAll() {
    try (Scene scene = new Scene(Scene.SSH)) {
      Gate.command(scene.wire().server(), "rules", "-6", "--remove").ok();
      finds(scene, "\"ipv6\"", "is an address of this machine");
      Gate.command(scene.wire().server(), "rules", "-4", "--remove").ok();
      finds(scene, "\"rules\"", "IPv4: there are no rules of the gate", "IPv6: there are no rules");
    }
  }

  @Test
  void findsOtherUsersOfTheMarkAndDetours() {
    try (Scene scene = new Scene(Scene.SSH)) {
      Namespace server = scene.wire().server();
      shell(server, "iptables -t mangle -A PREROUTING -j MARK --set-mark 1/1");
      shell(server, "ip -6 rule add fwmark 0x4b lookup 100");
      finds(scene, "\"mark\"", "--set-xmark 0x1/0x1", "fwmark 0x4b", "mark = \\\"0x4b00/0xff00");
      shell(server, "iptables -t nat -A PREROUTING -p tcp --dport 22 -j DNAT --to 192.0.2.2");
      finds(scene, "\"detour\"", "-j DNAT --to-destination 192.0.2.2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Scene.MARK, Scene.DIRECT})
  void theRulesOfADoorThatCutsAreThoseOfThePolicy(String layout) {
    String cutting = Scene.SSH.replace("autoclose = 1m", "kill-established = true");
    try (Scene scene = new Scene(cutting, layout, "iptables-nft")) {
      isWell(scene);
    }
  }

  @Test
  void findsABypassThatOpensTheDoor() {
    try (Scene scene = new Scene(Scene.SSH, Scene.DIRECT, "iptables-nft")) {
      isWell(scene);
      shell(
          scene.wire().server(),
          "iptables -I KNOCKGATE-QUEUE -j NFQUEUE --queue-num 0 --queue-bypass");
      finds(scene, "\"bypass\"", "opens every door when the gate is down");
    }
  }

  @Test
  void findsAQueueThatNobodyHasOrSomebodyElse() {
    try (Scene scene = new Scene(Scene.SSH)) {
      scene.gate().terminate();
      finds(scene, "\"queue\"", "nobody holds queue 0", "systemctl start knockgate");
      try (QueueSocket thief = steal(scene)) {
        finds(
            scene,
            "\"queue\"",
            "queue " + thief.number() + " belongs to process " + ProcessHandle.current().pid());
      }
    }
  }

  private static QueueSocket steal(Scene scene) {
    return scene
        .wire()
        .server()
        .inside(() -> QueueSocket.open(new QueueOptions(0, 16, false, 64, 65_536)));
  }

  @Test
  void findsABufferThatTheKernelKeptSmall() throws IOException {
    Path policy = policy("queue.length = 65536\n" + Scene.SSH);
    // in a user namespace root may not exceed net.core.rmem_max, as in a container
    String line =
        """
        knockgate=%s policy=%s log=%s
        $knockgate run -c $policy >$log 2>&1 & gate=$!
        until grep -q ready $log; do kill -0 $gate || exit 9; sleep 0.1; done
        $knockgate doctor --json -c $policy; ended=$?
        kill $gate; wait $gate; exit $ended
        """
            .formatted(Gate.LAUNCHER, policy, folder.resolve("log"));
    Run run = Run.of("unshare", "--user", "--map-root-user", "--net", "sh", "-c", line);
    assertThat(run.exitCode()).as("%s", run).isEqualTo(1);
    assertThat(run.out()).contains("\"buffer\"", "packets needs 75497472", "net.core.rmem_max=");
  }

  @Test
  void findsAKernelWithoutThePartsItNeeds() throws IOException {
    Path config = Files.writeString(folder.resolve("config"), "CONFIG_NF_CONNTRACK=y\n");
    // "ip netns exec" gives each command a mount namespace of its own: only this run sees it
    String hide =
        "mkdir -p /boot && mount -t tmpfs none /boot && cp %s /boot/config-$(uname -r)"
            + " && touch %s && mount --bind %2$s /proc/modules; mount -t tmpfs none /lib/modules;";
    try (Scene scene = new Scene(Scene.SSH)) {
      String line = hide.formatted(config, folder.resolve("empty")) + " exec ";
      Run run =
          scene
              .wire()
              .server()
              .run("sh", "-c", line + Gate.LAUNCHER + " doctor --json -c " + scene.policy());
      assertThat(run.exitCode()).as("%s", run).isEqualTo(1);
      assertThat(run.out())
          .contains("no xt_NFQUEUE", "no nfnetlink_queue", "no xt_conntrack")
          .doesNotContain("no nf_conntrack");
    }
  }

  @Test
  void theClockIsWhatTheKernelSaysOfIt() throws IOException {
    Path policy =
        policy(
            "doors { a { protects = [ \"tcp/22\" ],"
                + " rotating { secret = \"0123456789abcdef\", range = \"tcp/20000-29999\" } } }");
    // adjtimex(2) is call 159 of x86-64, and in its first 40 bytes nothing is set; 5 is TIME_ERROR
    Run kernel = Run.of("perl", "-e", "$t = \"\\0\" x 208; print syscall(159, $t)").ok();
    boolean synchronised = !kernel.out().equals("5");
    try (Wire wire = new Wire()) {
      Run run = Gate.command(wire.server(), "doctor", "--json", "-c", policy.toString());
      assertThat(run.out().contains("\"clock\"")).as("%s", run.out()).isEqualTo(!synchronised);
    }
  }

  @Test
  void whoeverIsNotRootIsToldSo() {
    try (Scene scene = new Scene(Scene.SSH)) {
      String[] user = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
      List<String> command = new ArrayList<>(List.of(user));
      command.addAll(List.of(Gate.LAUNCHER.toString(), "doctor", "-c", "/dev/null"));
      Run run = scene.wire().server().run(command.toArray(String[]::new));
      assertThat(run.exitCode()).as("%s", run).isEqualTo(4);
      assertThat(run.out()).contains("run it as root").hasLineCount(1);
    }
  }

  /** Breaks something, sees it found, types the cure, and sees that all is well again. */
  private static void breaks(Scene scene, String command, String finding) {
    shell(scene.wire().server(), command);
    String told = finds(scene, finding);
    String cure =
        Stream.of(told.split("\"cure\":\""))
            .skip(1)
            .map(text -> text.substring(0, text.indexOf('"')).replaceFirst(",.*", ""))
            .reduce("true", (a, b) -> a + " && " + b)
            .replace("knockgate rules", Gate.LAUNCHER + " rules");
    shell(scene.wire().server(), cure);
    isWell(scene);
  }

  private static String finds(Scene scene, String... words) {
    Run run = doctor(scene);
    assertThat(run.exitCode()).as("%s", run).isEqualTo(1);
    assertThat(run.out()).contains(words);
    return run.out();
  }

  private static void isWell(Scene scene) {
    assertThat(doctor(scene).ok().out()).isEqualTo("{\"findings\":[]}\n");
  }

  private static Run doctor(Scene scene) {
    return Gate.command(scene.wire().server(), "doctor", "--json", "-c", scene.policy().toString());
  }

  private static void shell(Namespace namespace, String line) {
    namespace.run("sh", "-c", line).ok();
  }

  private Path policy(String text) throws IOException {
    return Files.writeString(folder.resolve("p.conf"), text);
  }
}

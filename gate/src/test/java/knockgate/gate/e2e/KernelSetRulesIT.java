package knockgate.gate.e2e;

import static knockgate.gate.e2e.KernelSetIT.FILTER;
import static knockgate.gate.e2e.KernelSetIT.RIGHT;
import static knockgate.gate.e2e.KernelSetIT.STRICT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sets of {@code queue.filter = kernel-set}: missing, made later, somebody else's, removed. */
class KernelSetRulesIT {
  @TempDir private Path folder;

  @Test
  void withoutTheToolThePlainRulesAreAppliedAndTheGateTellsThatThereIsNoSet() {
    Path policy = file(FILTER + STRICT);
    try (Wire wire = new Wire().serving(22)) {
      String hide = "mount --bind /dev/null \"$(command -v ipset)\" && exec \"$@\"";
      String gate = Gate.LAUNCHER.toString();
      Run run =
          wire.server()
              .run("sh", "-c", hide, "sh", gate, "rules", "-c", policy.toString(), "--apply")
              .ok();
      assertThat(run.out())
          .startsWith("knockgate rules: without the kernel set")
          .endsWith("ipset is not installed: on Debian and Ubuntu, apt install ipset\n");
      assertThat(wire.server().run("iptables-save").out())
          .contains("-j KNOCKGATE")
          .doesNotContain("match-set");
      try (Gate daemon = Gate.start(wire.server(), policy)) {
        for (String set : List.of("knockgate4", "knockgate6")) {
          assertThat(daemon.log())
              .anyMatch(
                  line -> line.startsWith("knockgate: the kernel set " + set + " is not there"));
        }
        Peer friend = wire.peer(Family.IPV4.friend());
        friend.knock(Family.IPV4.server, List.of("tcp/7000", "tcp/9000", "tcp/1", "tcp/8000"));
        assertThat(friend.gets(Family.IPV4.server, 22)).as("a wrong knock").isFalse();
        friend.knock(Family.IPV4.server, RIGHT);
        assertThat(friend.gets(Family.IPV4.server, 22)).as("%s", daemon).isTrue();
      }
    }
  }

  /** The policy was changed to plain and the gate restarted, but nobody applied the rules anew. */
  @Test
  void aGateOfAPlainPolicyKeepsTheSetsThatTheRulesStillAsk() {
    try (Wire wire = new Wire().serving(22)) {
      rules(wire, file(FILTER + STRICT), "iptables", "--apply").ok();
      wire.server().run("ipset", "flush", "knockgate4-all").ok();
      try (Gate daemon = Gate.start(wire.server(), file(STRICT))) {
        assertThat(daemon.log()).anyMatch(line -> line.contains("though queue.filter = plain"));
        Peer friend = wire.peer(Family.IPV4.friend());
        knockAndAwait(daemon, friend, "tcp/7000", "first-knock");
        knockAndAwait(daemon, friend, "tcp/7021", "wrong-knock");
      }
    }
  }

  /** The rules may come later than the gate, as after the installation of ipset. */
  @Test
  void aRunningGateUsesSetsThatAreMadeLater() {
    Path policy = file(FILTER + STRICT);
    try (Wire wire = new Wire().serving(22);
        Gate daemon = Gate.start(wire.server(), policy)) {
      rules(wire, policy, "iptables", "--apply").ok();
      wire.server().run("ipset", "flush", "knockgate4-all").ok();
      Peer friend = wire.peer(Family.IPV4.friend());
      knockAndAwait(daemon, friend, "tcp/7000", "first-knock");
      knockAndAwait(daemon, friend, "tcp/7021", "wrong-knock");
    }
  }

  /** The filter may be switched on while the gate runs, and while somebody knocks. */
  @Test
  void aReloadSwitchesTheFilterOn() throws IOException {
    Path policy = file(STRICT);
    try (Wire wire = new Wire().serving(22);
        Gate daemon = Gate.start(wire.server(), policy)) {
      Files.writeString(policy, FILTER + STRICT);
      rules(wire, policy, "iptables", "--apply").ok();
      wire.server().run("ipset", "flush", "knockgate4-all").ok();
      Peer early = wire.peer(Family.IPV4.host(3));
      knockAndAwait(daemon, early, "tcp/7000", "first-knock");
      Run.of("kill", "-HUP", String.valueOf(daemon.pid())).ok();
      daemon.awaitLog("the policy was read again");
      knockAndAwait(daemon, early, "tcp/7021", "wrong-knock");
      wire.server().run("ipset", "flush", "knockgate4-all").ok();
      Peer friend = wire.peer(Family.IPV4.friend());
      knockAndAwait(daemon, friend, "tcp/7000", "first-knock");
      knockAndAwait(daemon, friend, "tcp/7021", "wrong-knock");
    }
  }

  private static void knockAndAwait(Gate daemon, Peer peer, String knock, String reason) {
    peer.knock(Family.IPV4.server, List.of(knock));
    daemon.awaitEvent(
        reason + " by " + peer.address(),
        e -> e.field("reason").equals(reason) && e.field("peer").equals(peer.address()));
  }

  /** Somebody else's sets under our names: no timeouts, so nobody could be put in and forgotten. */
  @Test
  void aSetThatCannotBeWrittenEndsTheAttempt() {
    try (Wire wire = new Wire().serving(22)) {
      rules(wire, file(STRICT), "iptables", "--apply").ok();
      wire.server().run("ipset", "create", "knockgate4", "hash:ip").ok();
      wire.server().run("ipset", "create", "knockgate4-all", "hash:net").ok();
      try (Gate daemon = Gate.start(wire.server(), file(FILTER + STRICT))) {
        assertThat(daemon.log())
            .anyMatch(line -> line.contains("write to the kernel set knockgate4: "));
        Peer friend = wire.peer(Family.IPV4.friend());
        friend.knock(Family.IPV4.server, List.of("tcp/7000"));
        daemon.awaitEvent("unseen", e -> e.field("reason").equals("unseen"));
        friend.knock(Family.IPV4.server, List.of("tcp/9000", "tcp/8000"));
        assertThat(friend.gets(Family.IPV4.server, 22)).as("%s", daemon).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables-nft", "iptables-legacy"})
  void setsComeBeforeTheRulesAndGoBehindThem(String iptables) {
    Path sets = file(FILTER + STRICT);
    Path smaller = file(FILTER + "limits.attempts = 512\n" + STRICT);
    Path plain = file(STRICT);
    try (Wire wire = new Wire()) {
      wire.server().run("ipset", "create", "somebodys", "hash:ip").ok();
      rules(wire, plain, iptables, "--apply").ok();
      assertThat(sets(wire)).containsExactly("somebodys");
      for (Path policy : List.of(sets, sets, smaller)) {
        assertThat(rules(wire, policy, iptables, "--apply").ok().out()).isEmpty();
        assertThat(sets(wire))
            .containsExactlyInAnyOrder(
                "somebodys", "knockgate4", "knockgate4-all", "knockgate6", "knockgate6-all");
      }
      assertThat(wire.server().run("ipset", "list", "knockgate4").out()).contains("maxelem 512");
      assertThat(rules(wire, plain, iptables, "--apply").ok().out()).isEmpty();
      assertThat(sets(wire)).containsExactly("somebodys");
      rules(wire, sets, iptables, "--apply").ok();
      assertThat(rules(wire, sets, iptables, "--remove").ok().out()).isEmpty();
      assertThat(sets(wire)).containsExactly("somebodys");
    }
  }

  @Test
  void whatIsPrintedCanBeLoadedByHand() {
    try (Wire wire = new Wire()) {
      String gate = Gate.LAUNCHER + " rules -c " + file(FILTER + STRICT);
      for (String line :
          List.of(
              gate + " --sets | ipset restore -exist",
              gate + " --sets | ipset restore -exist",
              gate + " -4 | iptables-restore --noflush",
              gate + " -6 | ip6tables-restore --noflush")) {
        wire.server().run("bash", "-c", "set -o pipefail; " + line).ok();
      }
      assertThat(wire.server().run("ip6tables-save").out()).contains("--match-set knockgate6 src");
    }
  }

  private static List<String> sets(Wire wire) {
    return wire.server().run("ipset", "list", "-name").ok().out().lines().toList();
  }

  private static Run rules(Wire wire, Path policy, String iptables, String action) {
    String[] command = {"rules", "-c", policy.toString(), "--iptables", iptables, action};
    return Gate.command(wire.server(), command);
  }

  private Path file(String policy) {
    try {
      return Files.writeString(Files.createTempFile(folder, "policy", ".conf"), policy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

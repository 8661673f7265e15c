package knockgate.gate.e2e;

import static knockgate.gate.e2e.SavedTables.saved;
import static knockgate.gate.e2e.SavedTables.tools;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code knockgate rules} against the real iptables, both variants and both families. */
class RulesIT {
  private static final String JUMP = "-A INPUT -j KNOCKGATE";

  /** Every kind of match that the rules can have. */
  private static final String RICH =
      """
      queue { number = 7, count = 2 }
      rescue = [ "192.0.2.10", "198.51.100.0/24", "2001:db8::10", "2001:db8:1::/64" ]
      doors {
        a { protects = [ "tcp/22", "udp/1194", "tcp/1000-1010" ], knock = [ 7000, "udp/7000", "icmp/128" ] }
        b { protects = [ "tcp/993" ], knock = [ 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33 ],
            strict = false }
        c { protects = [ "udp/53" ], knock = [ 4002, 4001 ], flags = any }
        d { protects = [ "udp/54" ], knock = [ 4002, 4001 ], strict = false, flags = [ fin, "!syn" ] }
      }
      """;

  /** Somebody else's firewall, with names as near to the gate's as they come. */
  private static final List<String> FOREIGN =
      List.of(
          "-t filter -N KNOCKGATE-OF-SOMEBODY",
          "-t filter -A KNOCKGATE-OF-SOMEBODY -p tcp -m tcp --dport 25 -j REJECT",
          "-t filter -A INPUT -j KNOCKGATE-OF-SOMEBODY",
          "-t filter -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
          "-t filter -P FORWARD DROP",
          "-t mangle -A INPUT -p udp -j MARK --set-xmark 0x100/0x100",
          "-t mangle -A PREROUTING -m mark --mark 0x4b/0xff -j RETURN");

  @TempDir private Path folder;
  private Path policy = Path.of("");

  @BeforeEach
  void writePolicy() throws IOException {
    policy = Files.writeString(folder.resolve("p.conf"), RICH);
  }

  @ParameterizedTest
  @CsvSource({
    "iptables-nft, mark",
    "iptables-nft, direct",
    "iptables-legacy, mark",
    "iptables-legacy, direct"
  })
  void twiceIsHarmlessAndForeignRulesStayByteForByte(String iptables, String layout) {
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      FOREIGN.forEach(
          rule -> {
            for (String tool : tools(iptables)) {
              server.run((tool + " " + rule).split(" ", -1)).ok();
            }
          });
      String before = saved(server, iptables);
      int jumps = 2 * (layout.equals("mark") ? 2 : 1);

      for (int times = 1; times <= 2; times++) {
        rules(server, iptables, "--layout", layout, "--apply").ok();
        String applied = saved(server, iptables);
        assertThat(applied.lines().filter(JUMP::equals)).as("%d times", times).hasSize(jumps);
        assertThat(withoutOurs(applied)).isEqualTo(before);
        assertThat(ours(applied)).hasSameSizeAs(ours(printed(server, layout)));
      }
      for (int times = 1; times <= 2; times++) {
        rules(server, iptables, "--remove").ok();
        assertThat(saved(server, iptables)).as("%d times", times).isEqualTo(before);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables-nft", "iptables-legacy"})
  void changingTheLayoutLeavesNothingOfTheOther(String iptables) {
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      rules(server, iptables, "--layout", "direct", "--apply").ok();
      String direct = saved(server, iptables);
      rules(server, iptables, "--layout", "mark", "--apply").ok();
      assertThat(saved(server, iptables)).isNotEqualTo(direct);
      rules(server, iptables, "--layout", "direct", "--apply").ok();
      assertThat(ours(saved(server, iptables))).isEqualTo(ours(direct));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables-nft", "iptables-legacy"})
  void whatIsPrintedCanBeLoadedByHandAndApplyMendsLoadingItTwice(String iptables)
      throws IOException {
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      for (String layout : List.of("mark", "direct")) {
        for (int family : new int[] {4, 6}) {
          Path file = folder.resolve(layout + family);
          Run print = rules(server, iptables, "--layout", layout, "-" + family).ok();
          Files.writeString(file, print.out());
          String restore =
              tools(iptables).get(family == 4 ? 0 : 1) + "-restore --noflush " + file + " --test";
          server.run(restore.split(" ", -1)).ok();
          for (int times = 1; times <= 2; times++) {
            server.run(restore.replace(" --test", "").split(" ", -1)).ok();
          }
        }
        rules(server, iptables, "--layout", layout, "--apply").ok();
        assertThat(saved(server, iptables).lines().filter(JUMP::equals))
            .hasSize(layout.equals("mark") ? 4 : 2);
        rules(server, iptables, "--remove").ok();
      }
    }
  }

  @Test
  void aRuleOfSomebodyElseThatHoldsOurChainIsNamedAsWhatMustGo() {
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      rules(server, "iptables-nft", "--apply").ok();
      server.run("iptables-nft", "-A", "FORWARD", "-j", "KNOCKGATE").ok();
      Run refused = rules(server, "iptables-nft", "--remove");
      assertThat(refused.exitCode()).isEqualTo(4);
      assertThat(refused.out())
          .contains("-X KNOCKGATE", "a rule that is not the gate's leads to KNOCKGATE");
      server.run("iptables-nft", "-D", "FORWARD", "-j", "KNOCKGATE").ok();
      rules(server, "iptables-nft", "--remove").ok();
    }
  }

  /** As behind update-alternatives: each variant sees its own rules only. */
  @Test
  void rulesOfTheOtherVariantAreTold() {
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      assertThat(rules(server, "iptables-legacy", "--apply").ok().out()).isEmpty();
      assertThat(rules(server, "iptables-nft", "--remove").ok().out())
          .contains("iptables-legacy still has rules of the gate", "--iptables iptables-legacy");
      assertThat(rules(server, "iptables-nft", "--apply").ok().out())
          .contains("iptables-nft and iptables-legacy both have rules of the gate");
      assertThat(rules(server, "iptables-legacy", "--remove").ok().out()).contains("iptables-nft");
      assertThat(rules(server, "iptables-nft", "--remove").ok().out()).isEmpty();
    }
  }

  @Test
  void oneFamilyCanBeLeftOut() {
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      rules(server, "iptables", "-6", "--apply").ok();
      assertThat(server.run("ip6tables-save").ok().out()).contains(JUMP);
      assertThat(server.run("iptables-save").ok().out()).doesNotContain("KNOCKGATE");
      rules(server, "iptables", "-4", "--remove").ok();
      assertThat(server.run("ip6tables-save").ok().out()).contains(JUMP);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables-nft", "iptables-legacy"})
  void whoMayNotIsToldSo(String iptables) {
    try (Wire wire = new Wire()) {
      List<String> command =
          new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
      command.addAll(List.of(Gate.LAUNCHER.toString(), "rules", "--iptables", iptables));
      command.add("--remove");
      Run run = wire.server().run(command.toArray(String[]::new));
      assertThat(run.exitCode()).as(run.out()).isEqualTo(4);
      assertThat(run.out()).endsWith("(run it as root)\n").hasLineCount(1);
    }
  }

  @Test
  void refusedRulesAreShownAndNothingIsChanged() throws IOException {
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      // a jump to our chain from a place that we do not know of keeps the chain from being deleted
      rules(server, "iptables-legacy", "--apply").ok();
      server.run("iptables-legacy", "-A", "FORWARD", "-j", "KNOCKGATE").ok();
      String before = saved(server, "iptables-legacy");
      Run run = rules(server, "iptables-legacy", "-4", "--remove");
      assertThat(run.exitCode()).isEqualTo(4);
      assertThat(run.out()).contains("iptables-legacy-restore refused").hasLineCount(1);
      assertThat(saved(server, "iptables-legacy")).isEqualTo(before);
    }
  }

  @Test
  void aForgedMarkAndAnUntrackedPacketOpenNothing() throws IOException {
    policy = Files.writeString(folder.resolve("ssh.conf"), Scene.SSH);
    try (Wire wire = new Wire().serving(22, 80)) {
      for (Family family : Family.values()) {
        String[] forge = {"-t", "mangle", "-A", "PREROUTING", "-j", "MARK", "--set-mark", "0x4b"};
        run(wire, family, forge);
      }
      rules(wire.server(), "iptables", "--apply").ok();
      closedButForRescue(wire);
      for (String layout : List.of("mark", "direct")) {
        rules(wire.server(), "iptables", "--layout", layout, "--apply").ok();
        for (Family family : Family.values()) {
          String[] untracked = {"-t", "raw", "-I", "PREROUTING", "-p", "tcp", "-j", "NOTRACK"};
          run(wire, family, untracked);
        }
        closedButForRescue(wire);
      }
    }
  }

  @Test
  void aConnectionAndLoopbackOutliveTheRules() throws IOException {
    policy = Files.writeString(folder.resolve("ssh.conf"), Scene.SSH);
    try (Wire wire = new Wire().serving(22)) {
      for (Family family : Family.values()) {
        // somebody already tracks connections, as on every host with a stateful firewall
        run(wire, family, "-A", "INPUT", "-m", "conntrack", "--ctstate", "INVALID", "-j", "DROP");
      }
      for (String layout : List.of("mark", "direct")) {
        for (Family family : Family.values()) {
          try (Connection session =
              wire.peer(family.friend()).connect(family.server, 22, Duration.ofSeconds(1))) {
            assertThat(session.established()).isTrue();
            rules(wire.server(), "iptables", "--layout", layout, "--apply").ok();
            assertThat(session.echoes("still here")).as("%s %s", layout, family).isTrue();
            Peer itself = new Peer(wire.server(), family.server);
            assertThat(itself.gets(family.server, 22)).as("loopback").isTrue();
          }
          rules(wire.server(), "iptables", "--remove").ok();
        }
      }
    }
  }

  @Test
  void neighboursAreFoundWhenEverythingUnmatchedIsDropped() throws IOException {
    policy = Files.writeString(folder.resolve("all.conf"), "unmatched = drop\n" + Scene.SSH);
    try (Wire wire = new Wire().serving(22)) {
      for (String layout : List.of("mark", "direct")) {
        rules(wire.server(), "iptables", "--layout", layout, "--apply").ok();
        wire.server().ip("neigh flush all");
        wire.client().ip("neigh flush all");
        for (Family family : Family.values()) {
          assertThat(wire.peer(family.rescue()).gets(family.server, 22)).as("rescue").isTrue();
          assertThat(wire.peer(family.stranger()).gets(family.server, 22)).isFalse();
        }
      }
    }
  }

  private static void closedButForRescue(Wire wire) {
    for (Family family : Family.values()) {
      assertThat(wire.peer(family.stranger()).gets(family.server, 22)).as("stranger").isFalse();
      assertThat(wire.peer(family.rescue()).gets(family.server, 22)).as("rescue").isTrue();
    }
  }

  private static void run(Wire wire, Family family, String... rule) {
    List<String> command = new ArrayList<>(List.of(family.iptables));
    command.addAll(List.of(rule));
    wire.server().run(command.toArray(String[]::new)).ok();
  }

  private Run rules(Namespace namespace, String iptables, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("rules", "-c", policy.toString(), "--iptables", iptables));
    arguments.addAll(List.of(options));
    return Gate.command(namespace, arguments.toArray(String[]::new));
  }

  private String printed(Namespace namespace, String layout) {
    return rules(namespace, "iptables", "--layout", layout).ok().out();
  }

  private static String withoutOurs(String saved) {
    return saved
        .lines()
        .filter(line -> !line.equals(JUMP) && !line.matches("(:|-A )KNOCKGATE(-QUEUE|-DOORS)? .*"))
        .collect(Collectors.joining("\n"));
  }

  private static List<String> ours(String rules) {
    return rules.lines().filter(line -> line.matches("-A KNOCKGATE(-QUEUE|-DOORS)? .*")).toList();
  }
}

package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import knockgate.gate.e2e.Capture.Seen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code knockgate knock} as the other side sees it. */
class KnockClientIT {
  /** Longer than the second after which the kernel sends a SYN again. */
  private static final Duration PAST_RETRANSMISSION = Duration.ofMillis(1300);

  private static final Duration SHORTLY = Duration.ofMillis(300);

  @ParameterizedTest
  @EnumSource
  void everyStepIsOnePacketAndTheyComeInOrder(Family family) {
    try (Wire wire = new Wire()) {
      // nothing answers: a SYN whose socket stayed open would be sent again
      wire.server().run(family.iptables, "-A", "INPUT", "-p", "tcp", "-j", "DROP").ok();
      String[] steps = {"4002", "tcp/4001", "udp/7000", "icmp/128", "icmp/0", "tcp/4001", "4004"};
      try (Capture capture = Capture.on(wire)) {
        knock(wire, steps, family.server);
        assertThat(fromClient(capture, PAST_RETRANSMISSION).stream().map(Seen::step))
            .containsExactly(
                "tcp/4002", "tcp/4001", "udp/7000", "icmp/128", "icmp/0", "tcp/4001", "tcp/4004");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOpenPortIsKnockedAtOnceAndLeftAlone(Family family) {
    try (Wire wire = new Wire().serving(22);
        Capture capture = Capture.on(wire)) {
      knock(wire, new String[] {"22", "22"}, family.server);
      assertThat(fromClient(capture, SHORTLY).stream().map(Seen::step))
          .containsExactly("tcp/22", "tcp/22");
      assertThat(wire.server().run("ss", "-Htn", "state", "established").ok().out()).isBlank();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSourceAddressCanBeChosen(Family family) throws IOException {
    try (Wire wire = new Wire();
        Capture capture = Capture.on(wire)) {
      String[] steps = {"7000", "udp/7001", "icmp/9"};
      knock(wire, steps, "--source", family.stranger(), family.server);
      String stranger = InetAddress.getByName(family.stranger()).getHostAddress();
      assertThat(fromClient(capture, SHORTLY)).hasSize(3).allMatch(s -> s.from().equals(stranger));
    }
  }

  /**
   * As {@code --then 'ssh HOST'} does behind it: the system's order puts IPv6 first. But where
   * something else says IPv4, it is IPv4.
   */
  @ParameterizedTest
  @CsvSource({
    "2001:db8:0:0:0:0:0:1, knock both.example 7000",
    "192.0.2.1,            knock -4 both.example 7000",
    "192.0.2.1,            knock --source 127.0.0.1 both.example 7000",
    "2001:db8:0:0:0:0:0:1, spa fwknop -A tcp/22 both.example",
    "2001:db8:0:0:0:0:0:1, spa fwknop -A tcp/22 -s both.example",
    "192.0.2.1,            spa fwknop -A tcp/22 -a 203.0.113.9 both.example",
    "192.0.2.1,            spa pknock --port 4002 both.example",
    "192.0.2.1,            spa pknock --port 4002 --address 203.0.113.9 both.example",
    "2001:db8:0:0:0:0:0:1, spa pknock --port 4002 --address 2001:db8::9 both.example",
    "2001:db8:0:0:0:0:0:1, spa pknock --port 4002 -6 both.example",
  })
  void aNameWithBothFamiliesIsKnockedWhereEverybodyElseConnects(
      String address, String words, @TempDir Path folder) throws IOException {
    Path hosts = folder.resolve("hosts");
    Files.writeString(hosts, "192.0.2.1 both.example\n2001:db8::1 both.example\n");
    Run run =
        Run.of(
            "unshare",
            "--mount",
            "--net",
            "sh",
            "-c",
            "ip link set lo up && mount --bind '"
                + hosts
                + "' /etc/hosts && export KNOCKGATE_SECRET=s KNOCKGATE_KEY=k KNOCKGATE_HMAC_KEY=h"
                + " && exec \"$0\" "
                + words,
            Gate.LAUNCHER.toString());
    assertThat(run.out()).contains(" to " + address).contains("Network is unreachable");
  }

  /** ssh ends its ProxyCommand by SIGHUP; what {@code timeout} sends is SIGTERM. */
  @ParameterizedTest
  @ValueSource(strings = {"HUP", "TERM"})
  void whatEndsTheClientEndsTheCommandBehindIt(String signal) {
    String then = "sh -c 'echo started; exec sleep 60'; true";
    String end = "read line; echo $line; kill -" + signal + " $pid; cat";
    Run run =
        Run.of(
            "bash",
            "-c",
            "exec 3< <(exec \"$0\" knock 127.0.0.1 7000 --then \"$1\"); pid=$!; { "
                + end
                + "; } <&3; wait $pid",
            Gate.LAUNCHER.toString(),
            then);
    assertThat(run.out()).isEqualTo("started\n"); // and nobody holds the pipe
    assertThat(run.exitCode()).isEqualTo(143);
  }

  @Test
  void udpCarriesThePayloadAndOtherwiseNothing() {
    try (Wire wire = new Wire();
        Capture capture = Capture.on(wire)) {
      knock(wire, new String[] {"udp/7000"}, Family.IPV4.server);
      knock(wire, new String[] {"udp/7000"}, "--payload", "open sesame", Family.IPV4.server);
      assertThat(fromClient(capture, SHORTLY).stream().map(Seen::payload))
          .containsExactly("", "open sesame");
    }
  }

  @Test
  void aDoorOfThePolicyGivesTheSteps(@TempDir Path folder) throws IOException {
    Path policy = Files.writeString(folder.resolve("p.conf"), Scene.SSH);
    try (Wire wire = new Wire();
        Capture capture = Capture.on(wire)) {
      String server = Family.IPV6.server;
      Run run =
          Gate.command(
              wire.client(), "knock", "-v", "-c", policy.toString(), "--door", "ssh", server);
      assertThat(run.ok().out().lines())
          .containsExactly("knock 1/3 tcp/7000", "knock 2/3 tcp/8000", "knock 3/3 tcp/9000");
      assertThat(fromClient(capture, SHORTLY).stream().map(Seen::step))
          .containsExactly("tcp/7000", "tcp/8000", "tcp/9000");

      Run unknown =
          Gate.command(wire.client(), "knock", "-c", policy.toString(), "--door", "sh", server);
      assertThat(unknown.exitCode()).isEqualTo(1);
      assertThat(unknown.out())
          .isEqualTo("knockgate: the policy has no door \"sh\"; it has [ssh]\n");
    }
  }

  @Test
  void tcpAndUdpNeedNoPrivilegeAndIcmpSaysWhatItNeeds() {
    try (Wire wire = new Wire();
        Capture capture = Capture.on(wire)) {
      String server = Family.IPV4.server;
      asNobody(wire, "knock", server, "7000", "udp/7001").ok();
      assertThat(fromClient(capture, SHORTLY).stream().map(Seen::step))
          .containsExactly("tcp/7000", "udp/7001");

      Run icmp = asNobody(wire, "knock", server, "icmp/128");
      assertThat(icmp.exitCode()).isEqualTo(4);
      assertThat(icmp.out()).contains("icmp/128", "ping_group_range").doesNotContain("\tat ");

      wire.client().run("sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647").ok();
      for (Family family : Family.values()) {
        asNobody(wire, "knock", family.server, "icmp/128").ok();
      }
      assertThat(fromClient(capture, SHORTLY).stream().map(Seen::step))
          .containsExactly("icmp/128", "icmp/128");
    }
  }

  @Test
  void thePauseIsKept() {
    try (Wire wire = new Wire()) {
      String[] steps = {"1", "2", "3"};
      Duration without = knock(wire, steps, Family.IPV4.server).took();
      Duration with = knock(wire, steps, "--delay", "1s", Family.IPV4.server).took();
      assertThat(with).isGreaterThan(Duration.ofSeconds(2)).isGreaterThan(without);
    }
  }

  @Test
  void whatCannotBeSentIsOneSentence() {
    try (Wire wire = new Wire()) {
      Run run = Gate.command(wire.client(), "knock", "203.0.113.1", "7000");
      assertThat(run.exitCode()).isEqualTo(4);
      assertThat(run.out())
          .startsWith("knockgate: tcp/7000 to 203.0.113.1 could not be sent: ")
          .containsIgnoringCase("unreachable")
          .hasLineCount(1);
    }
  }

  private Run knock(Wire wire, String[] steps, String... optionsAndHost) {
    List<String> arguments = new ArrayList<>(List.of("knock"));
    arguments.addAll(List.of(optionsAndHost));
    arguments.addAll(List.of(steps));
    Run run = Gate.command(wire.client(), arguments.toArray(String[]::new)).ok();
    assertThat(run.out()).as("quiet").isEmpty();
    return run;
  }

  private static Run asNobody(Wire wire, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
    command.add(Gate.LAUNCHER.toString());
    command.addAll(List.of(arguments));
    return wire.client().run(command.toArray(String[]::new));
  }

  /** Without what the server itself sends, and without the kernels' neighbour discovery. */
  private static List<Seen> fromClient(Capture capture, Duration quiet) {
    return capture.untilQuietFor(quiet).stream()
        .filter(seen -> !seen.from().equals(Family.IPV4.server))
        .filter(seen -> !seen.from().equals("2001:db8:0:0:0:0:0:1"))
        .toList();
  }
}

package knockgate.gate.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import knockgate.gate.Failure;
import knockgate.rules.Policy;
import knockgate.rules.PortRange;
import knockgate.rules.Protocol;
import knockgate.rules.Rotating;
import knockgate.rules.Spa;
import knockgate.rules.TcpFlags;
import knockgate.rules.Verdict;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.RotatingSequence;
import knockgate.rules.spa.Secret;
import org.junit.jupiter.api.Test;

class FirewallRulesTest {
  /** The example of semantics: one strict TCP door, one strict door of three protocols. */
  private static Policies example() {
    return new Policies()
        .rescue("192.0.2.10", "2001:db8::/48")
        .door("tcp/993", "tcp/4002 tcp/4001 tcp/4004", true, TcpFlags.OPENING)
        .door("udp/1194 tcp/1000-1010", "udp/7000 tcp/8000 icmp/128", true, TcpFlags.OPENING);
  }

  @Test
  void markLayoutForIpv4() {
    assertThat(rules(example().policy(), Layout.MARK, Family.V4))
        .isEqualTo(
"""
*mangle
:KNOCKGATE - [0:0]
:KNOCKGATE-QUEUE - [0:0]
-A KNOCKGATE -i lo -j RETURN
-A KNOCKGATE -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN
-A KNOCKGATE -j MARK --set-xmark 0x0/0xff
-A KNOCKGATE -p tcp -m multiport --dports 993,1000:1010 -m conntrack --ctstate NEW,UNTRACKED -g KNOCKGATE-QUEUE
-A KNOCKGATE -p udp --dport 1194 -m conntrack --ctstate NEW,UNTRACKED -g KNOCKGATE-QUEUE
-A KNOCKGATE -p tcp --tcp-flags SYN,ACK SYN -m conntrack --ctstate NEW -g KNOCKGATE-QUEUE
-A KNOCKGATE -p udp -m conntrack --ctstate NEW -g KNOCKGATE-QUEUE
-A KNOCKGATE -p icmp --icmp-type echo-request -m conntrack --ctstate NEW -g KNOCKGATE-QUEUE
-A KNOCKGATE-QUEUE -s 192.0.2.10 -j MARK --set-xmark 0x4b/0xff
-A KNOCKGATE-QUEUE -s 192.0.2.10 -j RETURN
-A KNOCKGATE-QUEUE -j NFQUEUE --queue-num 4 --queue-bypass
-A INPUT -j KNOCKGATE
COMMIT
*filter
:KNOCKGATE - [0:0]
:KNOCKGATE-DOORS - [0:0]
-A KNOCKGATE -i lo -j RETURN
-A KNOCKGATE -p tcp -m multiport --dports 993,1000:1010 -g KNOCKGATE-DOORS
-A KNOCKGATE -p udp --dport 1194 -g KNOCKGATE-DOORS
-A KNOCKGATE-DOORS -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A KNOCKGATE-DOORS -m mark --mark 0x4b/0xff -j ACCEPT
-A KNOCKGATE-DOORS -s 192.0.2.10 -j ACCEPT
-A KNOCKGATE-DOORS -j DROP
-I INPUT 1 -j KNOCKGATE
COMMIT
""");
  }

  @Test
  void messagesAreWatchedOnTheirPortOnly() {
    Spa pknock = new Spa(4002, new PknockSpa(Secret.ofText("foo"), null, 1, false, false));
    Policy policy = new Policies().door("tcp/22", pknock).policy();
    assertThat(rules(policy, Layout.MARK, Family.V4))
        .contains("-A KNOCKGATE -p udp --dport 4002 -m conntrack --ctstate NEW -g KNOCKGATE-QUEUE")
        .doesNotContain("-A KNOCKGATE -p udp -m conntrack")
        .doesNotContain("--tcp-flags");
  }

  @Test
  void messagesThatCloseOnAnyPortAreWatchedOnAll() {
    Secret foo = Secret.ofText("foo");
    Spa pknock = new Spa(4002, new PknockSpa(foo, Secret.ofText("bar"), 0, true, false, true));
    Policy policy = new Policies().door("tcp/22", pknock).policy();
    assertThat(rules(policy, Layout.MARK, Family.V4))
        .contains("-A KNOCKGATE -p udp -m conntrack --ctstate NEW -g KNOCKGATE-QUEUE");
  }

  @Test
  void rotatingKnocksAreWatchedInTheirRangeAndStrictOnesEverywhere() {
    String range = "--tcp-flags SYN,ACK SYN --dport 20000:20999 -m conntrack --ctstate NEW -g";
    String everywhere = "-p tcp --tcp-flags SYN,ACK SYN -m conntrack --ctstate NEW -g";
    assertThat(
            rules(new Policies().door("tcp/22", rotating(false)).policy(), Layout.MARK, Family.V4))
        .contains(range)
        .doesNotContain(everywhere);
    assertThat(
            rules(new Policies().door("tcp/22", rotating(true)).policy(), Layout.MARK, Family.V4))
        .contains(everywhere);
  }

  private static Rotating rotating(boolean strict) {
    Duration step = Duration.ofSeconds(30);
    RotatingSequence knocks =
        new RotatingSequence(
            Secret.ofText("correct horse battery staple"),
            "door0",
            new PortRange(Protocol.TCP, 20000, 20999),
            4,
            step);
    return new Rotating(knocks, strict, null, step, TcpFlags.OPENING, true, true);
  }

  @Test
  void behindAKernelSetKnocksComeFromEveryoneAndStraysFromWhoIsKnocking() {
    Policies loose =
        example()
            .door("tcp/80", "tcp/5000 udp/5001", false, TcpFlags.OPENING)
            .door("tcp/81", rotating(true));
    for (Layout layout : Layout.values()) {
      assertThat(queued(loose.kernelSet().policy(), layout, Family.V6))
          .containsExactly(
              "-p tcp -m multiport --dports 80:81,993,1000:1010 -m conntrack --ctstate"
                  + " NEW,UNTRACKED",
              "-p udp --dport 1194 -m conntrack --ctstate NEW,UNTRACKED",
              "-p tcp --tcp-flags SYN,ACK SYN -m multiport --dports"
                  + " 4001:4002,4004,5000,8000,20000:20999 -m conntrack --ctstate NEW",
              "-p udp -m multiport --dports 5001,7000 -m conntrack --ctstate NEW",
              "-p ipv6-icmp --icmpv6-type echo-request -m conntrack --ctstate NEW",
              "-p tcp --tcp-flags SYN,ACK SYN -m conntrack --ctstate NEW"
                  + " -m set --match-set knockgate6 src",
              "-p udp -m conntrack --ctstate NEW -m set --match-set knockgate6 src",
              "-p tcp --tcp-flags SYN,ACK SYN -m conntrack --ctstate NEW"
                  + " -m set --match-set knockgate6-all src",
              "-p udp -m conntrack --ctstate NEW -m set --match-set knockgate6-all src");
    }
  }

  @Test
  void aKernelSetIsAskedWithTheFlagsOfTheDoor() {
    Policies fins =
        new Policies().door("udp/1", "tcp/10 tcp/11", true, new TcpFlags(TcpFlags.FIN, 0));
    assertThat(queued(fins.kernelSet().policy(), Layout.MARK, Family.V4))
        .contains(
            "-p tcp --tcp-flags FIN FIN -m conntrack --ctstate NEW,INVALID"
                + " -m set --match-set knockgate4 src");
    Policies any = fins.door("udp/2", "tcp/10 tcp/11", true, TcpFlags.ANY);
    assertThat(queued(any.policy(), Layout.MARK, Family.V4))
        .filteredOn(match -> match.endsWith("knockgate4 src"))
        .containsExactly(
            "-p tcp -m conntrack --ctstate NEW,INVALID -m set --match-set knockgate4 src");
  }

  @Test
  void whereNoDoorIsStrictTheRulesAreThePlainOnes() {
    Policies loose = new Policies().door("tcp/22", "tcp/1 tcp/2", false, TcpFlags.OPENING);
    String plain = rules(loose.policy(), Layout.MARK, Family.V4);
    FirewallRules wished = new FirewallRules(loose.kernelSet().policy(), Layout.MARK);
    assertThat(rules(loose.policy(), Layout.MARK, Family.V4)).isEqualTo(plain);
    assertThat(wished.sets()).isNull();
    FirewallRules sets = new FirewallRules(example().kernelSet().policy(), Layout.MARK);
    assertThat(sets.sets()).isNotNull();
    assertThat(sets.plain().text(Family.V4))
        .isEqualTo(new FirewallRules(example().policy(), Layout.MARK).text(Family.V4));
  }

  @Test
  void directLayoutForIpv6() {
    assertThat(rules(example().policy(), Layout.DIRECT, Family.V6))
        .isEqualTo(
"""
*filter
:KNOCKGATE - [0:0]
:KNOCKGATE-QUEUE - [0:0]
-A KNOCKGATE -i lo -j RETURN
-A KNOCKGATE -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A KNOCKGATE -p tcp -m multiport --dports 993,1000:1010 -m conntrack --ctstate NEW,UNTRACKED -g KNOCKGATE-QUEUE
-A KNOCKGATE -p udp --dport 1194 -m conntrack --ctstate NEW,UNTRACKED -g KNOCKGATE-QUEUE
-A KNOCKGATE -p tcp --tcp-flags SYN,ACK SYN -m conntrack --ctstate NEW -g KNOCKGATE-QUEUE
-A KNOCKGATE -p udp -m conntrack --ctstate NEW -g KNOCKGATE-QUEUE
-A KNOCKGATE -p ipv6-icmp --icmpv6-type echo-request -m conntrack --ctstate NEW -g KNOCKGATE-QUEUE
-A KNOCKGATE -p tcp -m multiport --dports 993,1000:1010 -j DROP
-A KNOCKGATE -p udp --dport 1194 -j DROP
-A KNOCKGATE-QUEUE -s 2001:db8::/48 -j ACCEPT
-A KNOCKGATE-QUEUE -j NFQUEUE --queue-num 4
-I INPUT 1 -j KNOCKGATE
COMMIT
""");
  }

  @Test
  void aDoorThatIsNotStrictNeedsOnlyItsOwnPorts() {
    Policy policy =
        new Policies()
            .door("tcp/22", "tcp/7000 tcp/8000 udp/9000", false, TcpFlags.OPENING)
            .policy();
    assertThat(queued(policy, Layout.MARK, Family.V4))
        .containsExactly(
            "-p tcp --dport 22 -m conntrack --ctstate NEW,UNTRACKED",
            "-p tcp --tcp-flags SYN,ACK SYN -m multiport --dports 7000,8000"
                + " -m conntrack --ctstate NEW",
            "-p udp --dport 9000 -m conntrack --ctstate NEW");
  }

  @Test
  void aDoorThatCountsAnyTcpPacketAlsoSeesWhatConntrackFindsInvalid() {
    Policy policy = new Policies().door("udp/53", "tcp/4002 tcp/4001", true, TcpFlags.ANY).policy();
    assertThat(queued(policy, Layout.DIRECT, Family.V4))
        .containsExactly(
            "-p udp --dport 53 -m conntrack --ctstate NEW,UNTRACKED",
            "-p tcp -m conntrack --ctstate NEW,INVALID");
  }

  @Test
  void oneRuleForAllTcpReplacesThoseItHolds() {
    Policy policy =
        new Policies()
            .door("tcp/1", "tcp/10", true, TcpFlags.OPENING)
            .door("tcp/2", "tcp/11", true, TcpFlags.ANY)
            .door("tcp/3", "tcp/12", false, new TcpFlags(TcpFlags.FIN, TcpFlags.SYN))
            .policy();
    assertThat(queued(policy, Layout.MARK, Family.V6))
        .containsExactly(
            "-p tcp --dport 1:3 -m conntrack --ctstate NEW,UNTRACKED",
            "-p tcp -m conntrack --ctstate NEW,INVALID");
  }

  @Test
  void flagsAreMatchedAsFarAsTheKernelCan() {
    int ece = TcpFlags.ECE;
    Policy policy =
        new Policies()
            .door("tcp/1", "tcp/10", false, new TcpFlags(TcpFlags.FIN, TcpFlags.SYN | ece))
            .door("tcp/1", "tcp/11", false, new TcpFlags(0, TcpFlags.RST))
            .door("tcp/1", "tcp/12", false, new TcpFlags(ece, 0))
            .policy();
    assertThat(queued(policy, Layout.MARK, Family.V4))
        .containsExactly(
            "-p tcp --dport 1 -m conntrack --ctstate NEW,UNTRACKED",
            "-p tcp --tcp-flags FIN,SYN FIN --dport 10 -m conntrack --ctstate NEW,INVALID",
            "-p tcp --tcp-flags RST NONE --dport 11 -m conntrack --ctstate NEW,INVALID",
            "-p tcp --dport 12 -m conntrack --ctstate NEW,INVALID");
  }

  @Test
  void unmatchedDropSendsEverythingNewToTheGateButNoNeighbourDiscovery() {
    Policy policy = example().unmatched(Verdict.DROP).policy();
    assertThat(rules(policy, Layout.MARK, Family.V6))
        .contains(
            """
            -A KNOCKGATE -p ipv6-icmp ! --icmpv6-type echo-request -j RETURN
            -A KNOCKGATE -m conntrack --ctstate NEW -g KNOCKGATE-QUEUE
            """)
        .contains(
            """
            -A KNOCKGATE -p ipv6-icmp ! --icmpv6-type echo-request -j RETURN
            -A KNOCKGATE -m conntrack --ctstate NEW,ESTABLISHED,RELATED -g KNOCKGATE-DOORS
            """);
    assertThat(rules(policy, Layout.DIRECT, Family.V4))
        .doesNotContain("icmp")
        .contains("-A KNOCKGATE -m conntrack --ctstate NEW -g KNOCKGATE-QUEUE\n");
  }

  @Test
  void whatWasCutIsNotRevivedByTheServer() {
    Policies mild =
        new Policies().door("tcp/22 udp/500", "tcp/7000 tcp/8000", false, TcpFlags.OPENING);
    Policies killing =
        new Policies()
            .door("tcp/22 udp/500", "tcp/7000 tcp/8000", false, TcpFlags.OPENING)
            .killing()
            .door("tcp/80", "tcp/7001 tcp/8001", false, TcpFlags.OPENING);
    String drop = "-m conntrack --ctstate ESTABLISHED --ctdir REPLY -j DROP\n";
    for (Layout layout : Layout.values()) {
      assertThat(rules(mild.policy(), layout, Family.V4)).doesNotContain("REPLY");
      String rules = rules(killing.policy(), layout, Family.V6);
      assertThat(rules)
          .contains("-A KNOCKGATE -p tcp --dport 22 " + drop)
          .contains("-A KNOCKGATE -p udp --dport 500 " + drop)
          .doesNotContain("--dport 80 " + drop);
      String filter = rules.substring(rules.indexOf("*filter"));
      assertThat(filter.indexOf("REPLY"))
          .as("before anything established is let in, %s", layout)
          .isLessThan(filter.indexOf("-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"));
    }
  }

  @Test
  void lanesAreBalancedOver() {
    Policy policy = example().lanes(3).policy();
    assertThat(rules(policy, Layout.MARK, Family.V4))
        .contains("-A KNOCKGATE-QUEUE -j NFQUEUE --queue-balance 4:6 --queue-bypass\n");
    assertThat(rules(policy, Layout.DIRECT, Family.V6))
        .contains("-A KNOCKGATE-QUEUE -j NFQUEUE --queue-balance 4:6\n");
  }

  @Test
  void directNeverBypassesTheGate() {
    for (Family family : Family.values()) {
      assertThat(new FirewallRules(example().policy(), Layout.DIRECT).text(family))
          .doesNotContain("bypass");
    }
  }

  @Test
  void theMarkLayoutNeedsAMark() {
    Policy policy = example().mark(null).policy();
    assertThatThrownBy(() -> new FirewallRules(policy, Layout.MARK))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("sets none")
        .hasMessageContaining("--layout direct");
    assertThat(new FirewallRules(policy, Layout.DIRECT).text(Family.V4)).contains("NFQUEUE");
  }

  @Test
  void replacingTakesOutEveryJumpAndTheChainsOfTheOtherLayout() {
    FirewallRules direct = new FirewallRules(example().policy(), Layout.DIRECT);
    Installed filter = new Installed(2, List.of("KNOCKGATE", "KNOCKGATE-DOORS"));
    Installed mangle = new Installed(1, List.of("KNOCKGATE", "KNOCKGATE-QUEUE"));
    String text = direct.text(Family.V4, table -> table == Table.FILTER ? filter : mangle);
    assertThat(text)
        .startsWith(
            """
            *filter
            :KNOCKGATE - [0:0]
            :KNOCKGATE-QUEUE - [0:0]
            :KNOCKGATE-DOORS - [0:0]
            -D INPUT -j KNOCKGATE
            -D INPUT -j KNOCKGATE
            """)
        .endsWith(
            """
            -I INPUT 1 -j KNOCKGATE
            -X KNOCKGATE-DOORS
            COMMIT
            *mangle
            :KNOCKGATE - [0:0]
            :KNOCKGATE-QUEUE - [0:0]
            -D INPUT -j KNOCKGATE
            -X KNOCKGATE
            -X KNOCKGATE-QUEUE
            COMMIT
            """);
  }

  @Test
  void theListingIsReadForJumpsAndOwnChainsOnly() {
    Installed installed =
        Installed.parse(
            """
            -P INPUT ACCEPT
            -N KNOCKGATE
            -N KNOCKGATE-DOORS
            -N KNOCKGATE-OF-SOMEBODY
            -A INPUT -j KNOCKGATE
            -A INPUT -p tcp -j KNOCKGATE-OF-SOMEBODY
            -A INPUT -j KNOCKGATE
            -A FORWARD -j KNOCKGATE
            """);
    assertThat(installed).isEqualTo(new Installed(2, List.of("KNOCKGATE", "KNOCKGATE-DOORS")));
    assertThat(Installed.parse("-P INPUT DROP\n").isNothing()).isTrue();
  }

  /** The rules without their comments. */
  private static String rules(Policy policy, Layout layout, Family family) {
    return new FirewallRules(policy, layout)
        .text(family)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  /** The matches of the packets that are queued. */
  private static List<String> queued(Policy policy, Layout layout, Family family) {
    String before = "-A KNOCKGATE ";
    String after = " -g KNOCKGATE-QUEUE";
    return rules(policy, layout, family)
        .lines()
        .filter(line -> line.endsWith(after))
        .map(line -> line.substring(before.length(), line.length() - after.length()))
        .toList();
  }
}

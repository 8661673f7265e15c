package knockgate.gate.firewall;

import static knockgate.gate.firewall.Policies.example;
import static knockgate.gate.firewall.RulesText.rules;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import knockgate.gate.fault.Failure;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.Verdict;
import org.junit.jupiter.api.Test;

class FirewallRulesTest {
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

  private static Policies killing() {
    return new Policies()
        .rescue("192.0.2.10", "2001:db8::/48")
        .door("tcp/22 udp/500-502", "tcp/7000 tcp/8000", false, TcpFlags.OPENING)
        .killing()
        .door("tcp/80", "tcp/7001 tcp/8001", false, TcpFlags.OPENING)
        .door("udp/501", "tcp/7002 tcp/8002", false, TcpFlags.OPENING)
        .counting();
  }

  @Test
  void answersAtADoorThatCutsAreJudged() {
    String answers = "-m conntrack --ctstate ESTABLISHED --ctdir REPLY ";
    String judged = "-A KNOCKGATE -p udp -m multiport --dports 500,502 " + answers;
    String toQueue = judged + "-g KNOCKGATE-QUEUE\n";
    String direct = rules(killing().policy(), Layout.DIRECT, Family.V4);
    assertThat(direct)
        .containsSubsequence(toQueue, "-A KNOCKGATE -m conntrack --ctstate ESTABLISHED,RELATED ")
        .contains("-A KNOCKGATE -p tcp --dport 22 " + answers + "-g KNOCKGATE-QUEUE\n")
        .doesNotContain("--dport 80 " + answers);
    assertThat(rules(killing().policy(), Layout.MARK, Family.V4))
        .containsSubsequence(
            "*mangle",
            judged + "-j MARK --set-xmark 0x0/0xff\n" + toQueue,
            "-A KNOCKGATE -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN",
            "*filter",
            judged + "-m mark --mark 0x4b/0xff -g KNOCKGATE-DOORS\n" + judged + "-j DROP\n",
            "-A KNOCKGATE-DOORS -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT");
    Policies mild =
        new Policies().door("tcp/22 udp/500", "tcp/7000 tcp/8000", false, TcpFlags.OPENING);
    assertThat(rules(mild.policy(), Layout.MARK, Family.V4)).doesNotContain("REPLY");
  }

  @Test
  void whereAnyDoorCountsConnectionsOnlyARescueAddressMayAnswer() {
    String counted = "-p udp --dport 501 -m conntrack --ctstate ESTABLISHED --ctdir REPLY ";
    assertThat(rules(killing().policy(), Layout.MARK, Family.V6))
        .containsSubsequence(
            "*filter",
            "-A KNOCKGATE -s 2001:db8::/48 " + counted + "-g KNOCKGATE-DOORS\n",
            "-A KNOCKGATE " + counted + "-j DROP\n")
        .doesNotContain(counted + "-g KNOCKGATE-QUEUE");
    assertThat(rules(killing().policy(), Layout.DIRECT, Family.V4))
        .containsSubsequence(
            "-A KNOCKGATE -s 192.0.2.10 " + counted + "-j ACCEPT\n",
            "-A KNOCKGATE " + counted + "-j DROP\n",
            "-A KNOCKGATE -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT");
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
}

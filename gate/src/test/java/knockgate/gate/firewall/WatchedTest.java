package knockgate.gate.firewall;

import static knockgate.gate.firewall.Policies.example;
import static knockgate.gate.firewall.RulesText.asked;
import static knockgate.gate.firewall.RulesText.queued;
import static knockgate.gate.firewall.RulesText.queuedStrays;
import static knockgate.gate.firewall.RulesText.rules;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.Spa;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.RotatingSequence;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import org.junit.jupiter.api.Test;

/** Which packets the rules queue: no more than some door must see. */
class WatchedTest {
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
              "-p ipv6-icmp --icmpv6-type echo-request -m conntrack --ctstate NEW");
      assertThat(queuedStrays(loose.policy(), layout, Family.V6))
          .containsExactly(
              "-p tcp --tcp-flags SYN,ACK SYN -m conntrack --ctstate NEW",
              "-p udp -m conntrack --ctstate NEW");
      assertThat(asked(loose.policy(), layout, Family.V6))
          .containsExactly("knockgate6", "knockgate6-all");
    }
  }

  @Test
  void aKernelSetIsAskedWithTheFlagsOfTheDoor() {
    Policies fins =
        new Policies().door("udp/1", "tcp/10 tcp/11", true, new TcpFlags(TcpFlags.FIN, 0));
    assertThat(queuedStrays(fins.kernelSet().policy(), Layout.MARK, Family.V4))
        .containsExactly("-p tcp --tcp-flags FIN FIN -m conntrack --ctstate NEW,INVALID");
    Policies any = fins.door("udp/2", "tcp/10 tcp/11", true, TcpFlags.ANY);
    assertThat(queuedStrays(any.policy(), Layout.MARK, Family.V4))
        .containsExactly("-p tcp -m conntrack --ctstate NEW,INVALID");
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
  void aSynWithFinOrRstIsInvalidToConntrackThoughItHasNoAck() {
    Policies policies = new Policies();
    for (int flag : new int[] {TcpFlags.FIN, TcpFlags.RST}) {
      TcpFlags flags = new TcpFlags(TcpFlags.SYN | flag, TcpFlags.ACK);
      policies.door("udp/53", "tcp/4002 tcp/4001", true, flags);
    }
    assertThat(queued(policies.policy(), Layout.MARK, Family.V6))
        .containsExactly(
            "-p udp --dport 53 -m conntrack --ctstate NEW,UNTRACKED",
            "-p tcp --tcp-flags FIN,SYN,ACK FIN,SYN -m conntrack --ctstate NEW,INVALID",
            "-p tcp --tcp-flags SYN,RST,ACK SYN,RST -m conntrack --ctstate NEW,INVALID");
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
}

package knockgate.rules;

import static knockgate.rules.Gate.door;
import static knockgate.rules.Gate.policy;
import static knockgate.rules.Gate.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Verdict;
import org.junit.jupiter.api.Test;

/** Grants, packet by packet: whom they let in, for how long, and for how many connections. */
class GrantGateTest {
  private static final String PEER = "203.0.113.9";

  @Test
  void autocloseEndsTheGrantToTheMillisecond() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1"), 22)));
    gate.send(PEER, "tcp/1");
    gate.nowMs = Duration.ofHours(1).toMillis() - 1;
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
    gate.send(PEER, "tcp/1"); // a knock while granted refreshes nothing
    gate.nowMs++;
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.DROP);
  }

  @Test
  void connectionsAreCountedAndARepeatedSynIsNotAnother() {
    Door two = door("d", sequence(true, "tcp/1"), 22, Duration.ofHours(1), 32, 128, 2);
    Gate gate = new Gate(policy(two));
    gate.send(PEER, "tcp/1");
    for (int sequence : new int[] {500, 500, 501, 501}) {
      assertThat(gate.send(PEER, "tcp/22", TcpFlags.SYN, sequence).verdict)
          .isEqualTo(Verdict.ACCEPT);
    }
    assertThat(gate.send(PEER, "tcp/22", TcpFlags.SYN, 502).verdict).isEqualTo(Verdict.DROP);
    gate.send(PEER, "tcp/1");
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void aGrantThatCountsConnectionsGoesOnDoingSoThoughItsDoorDoesNotAnyMore() {
    Sequence knock = sequence(true, "tcp/1");
    Gate gate = new Gate(policy(door("d", knock, 22, Duration.ofHours(1), 32, 128, 2)));
    gate.send(PEER, "tcp/1");
    gate.send(PEER, "tcp/22", TcpFlags.SYN, 500);
    Door unlimited = door("d", knock, 22, Duration.ofHours(1), 32, 128, 0);
    gate.keeper.use(new PolicyPlan(policy(unlimited), gate.state));
    for (int sequence : new int[] {500, 501, 501}) {
      assertThat(gate.send(PEER, "tcp/22", TcpFlags.SYN, sequence).verdict)
          .isEqualTo(Verdict.ACCEPT);
    }
    assertThat(gate.send(PEER, "tcp/22", TcpFlags.SYN, 502).verdict)
        .as("the third of two")
        .isEqualTo(Verdict.DROP);
    gate.send(PEER, "tcp/1");
    for (int sequence = 600; sequence < 610; sequence++) {
      assertThat(gate.send(PEER, "tcp/22", TcpFlags.SYN, sequence).verdict)
          .as("knocked for anew")
          .isEqualTo(Verdict.ACCEPT);
    }
  }

  @Test
  void aPacketToAnotherPortOrFromAnotherPeerIsAnotherConnectionHoweverAlikeItIs() {
    Door one = guarding(new PortRange(Protocol.TCP, 22, 29));
    Gate gate = new Gate(policy(one));
    gate.send(PEER, "tcp/1");
    assertThat(gate.send(PEER, "tcp/22", TcpFlags.SYN, 500).verdict).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.send(PEER, "tcp/22", TcpFlags.SYN, 500).verdict).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.send(PEER, "tcp/23", TcpFlags.SYN, 500).verdict).isEqualTo(Verdict.DROP);
    assertThat(gate.send("203.0.113.10", "tcp/22", TcpFlags.SYN, 500).verdict)
        .as("of the same prefix")
        .isEqualTo(Verdict.DROP);
    gate.packet.dstLo ^= 1;
    assertThat(gate.send(PEER, "tcp/22", TcpFlags.SYN, 500).verdict)
        .as("to another address of this machine")
        .isEqualTo(Verdict.DROP);
  }

  /** These two have the same fold, where nothing secret goes into it. */
  @Test
  void nobodyFindsAConnectionThatPassesForTheLastOne() {
    Gate gate = new Gate(policy(guarding(new PortRange(Protocol.TCP, 22, 22))));
    gate.send(PEER, "tcp/1");
    assertThat(gate.send(PEER, "tcp/22", TcpFlags.SYN, 6885).verdict).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.send(PEER, "tcp/22", TcpFlags.SYN, 92_076).verdict).isEqualTo(Verdict.DROP);
  }

  /**
   * All of them are NEW to conntrack until the server answers; of QUIC already two come at once.
   */
  @Test
  void theFirstDatagramsOfOneFlowAreOneConnection() {
    Gate gate = new Gate(policy(guarding(new PortRange(Protocol.UDP, 443, 443))));
    gate.send(PEER, "tcp/1");
    gate.packet.payloadLength = 1;
    for (byte content = 0; content < 3; content++) {
      gate.packet.payload[0] = content;
      assertThat(gate.send(PEER, "udp/443", 0, 0).verdict).isEqualTo(Verdict.ACCEPT);
    }
    gate.packet.dstPort = 443;
    gate.packet.srcPort++;
    gate.keeper.decide(gate.packet, gate.nowMs, gate.startMs);
    assertThat(gate.packet.verdict).as("by another port").isEqualTo(Verdict.DROP);
  }

  /** A door that admits one connection, from a prefix. */
  private static Door guarding(PortRange ports) {
    Sequence knock = sequence(true, "tcp/1");
    return new Door("d", List.of(ports), knock, Duration.ofHours(1), 24, 64, 1);
  }

  @Test
  void aGrantCoversThePrefixOfItsDoorAndMayNeverEnd() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1"), 22, null, 24, 64, 0)));
    gate.send(PEER, "tcp/1");
    gate.send("2001:db8:7::1", "tcp/1");
    gate.nowMs = Duration.ofDays(400).toMillis();
    assertThat(gate.verdict("203.0.113.250", "tcp/22")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.verdict("203.0.114.9", "tcp/22")).isEqualTo(Verdict.DROP);
    assertThat(gate.verdict("2001:db8:7::ffff", "tcp/22")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.verdict("2001:db8:7:1::1", "tcp/22")).isEqualTo(Verdict.DROP);
  }

  @Test
  void aDoorThatAdmitsHidesThePacketFromLaterDoors() {
    Gate gate =
        new Gate(
            policy(
                door("a", sequence(true, "tcp/1"), 22),
                door("b", sequence(true, "tcp/2", "tcp/3"), 23)));
    gate.send(PEER, "tcp/1");
    gate.send(PEER, "tcp/2");
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
    gate.send(PEER, "tcp/3");
    assertThat(gate.verdict(PEER, "tcp/23")).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void aReloadKeepsAttemptsAndGrantsOfDoorsThatRemain() {
    Door a = door("a", sequence(true, "tcp/1", "tcp/2"), 22);
    Door b = door("b", sequence(true, "tcp/5"), 23);
    Door c = door("c", sequence(true, "tcp/7"), 24);
    Gate gate = new Gate(policy(a, b));
    gate.send(PEER, "tcp/5");
    gate.send(PEER, "tcp/1");
    gate.keeper.use(new PolicyPlan(policy(c, b, a), gate.state));
    gate.send(PEER, "tcp/2");
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.verdict(PEER, "tcp/23")).isEqualTo(Verdict.ACCEPT);
    gate.keeper.use(new PolicyPlan(policy(a), gate.state));
    gate.send(PEER, "tcp/23");
    assertThat(gate.packet.reason).isEqualTo(Reason.UNMATCHED);
  }
}

package knockgate.rules;

import static knockgate.rules.Gate.door;
import static knockgate.rules.Gate.policy;
import static knockgate.rules.Gate.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Verdict;
import org.junit.jupiter.api.Test;

class GatekeeperTest {
  private static final String PEER = "203.0.113.9";

  @Test
  void theRightSequenceOpensForThatPeerOnlyAndAtOnce() {
    for (String peer : List.of(PEER, "2001:db8::9")) {
      Gate gate = new Gate(policy(door("ssh", sequence(true, "tcp/1", "udp/2", "icmp/3"), 22)));
      assertThat(gate.verdict(peer, "tcp/22")).isEqualTo(Verdict.DROP);
      for (String knock : List.of("tcp/1", "udp/2", "icmp/3")) {
        assertThat(gate.send(peer, knock).verdict).isEqualTo(Verdict.DROP);
      }
      assertThat(gate.packet.noteReason(0)).isEqualTo(Reason.OPENED);
      assertThat(gate.verdict(peer, "tcp/22")).isEqualTo(Verdict.ACCEPT);
      assertThat(gate.packet.marked).isTrue();
      assertThat(gate.packet.mark).isEqualTo(0x124b);
      assertThat(gate.verdict("203.0.113.10", "tcp/22")).isEqualTo(Verdict.DROP);
      assertThat(gate.verdict("2001:db8::a", "tcp/22")).isEqualTo(Verdict.DROP);
    }
  }

  /** What a kernel filter goes by; a loose door's attempt is none that must be watched. */
  @Test
  void whoIsInTheMiddleOfAStrictSequenceMustBeSeen() {
    Gate gate =
        new Gate(
            policy(
                door("strict", sequence(true, "tcp/1", "udp/2", "tcp/3"), 22),
                door("loose", sequence(false, "tcp/5", "tcp/6"), 23),
                door("single", sequence(true, "tcp/7"), 24)));
    String[][] rows = {
      {"tcp/9", "false"},
      {"tcp/1", "true"},
      {"udp/2", "true"},
      {"udp/9", "false"},
      {"tcp/1", "true"},
      {"tcp/1", "true"},
      {"udp/2", "true"},
      {"tcp/3", "false"},
      {"tcp/5", "false"},
      {"tcp/6", "false"},
      {"tcp/7", "false"},
    };
    for (String[] row : rows) {
      assertThat(gate.send(PEER, row[0]).mustSeePeer).as(row[0]).isEqualTo(row[1].equals("true"));
    }
  }

  @Test
  void attemptsWhoseWrongKnocksCouldPassUnseenAreEnded() {
    Gate gate =
        new Gate(
            policy(
                door("strict", sequence(true, "tcp/1", "tcp/2", "tcp/3"), 22),
                door("loose", sequence(false, "tcp/1", "tcp/2", "tcp/3"), 23)));
    gate.send("203.0.113.10", "tcp/1");
    gate.send(PEER, "tcp/1");
    gate.keeper.endUnseen(gate.packet);
    assertThat(gate.packet.notes()).isEqualTo(3);
    assertThat(gate.packet.noteReason(2)).isEqualTo(Reason.UNSEEN);
    assertThat(gate.packet.noteDoor(2)).isZero();
    for (String peer : List.of(PEER, "203.0.113.10")) {
      gate.send(peer, "tcp/2");
      gate.send(peer, "tcp/3");
    }
    assertThat(gate.verdict(PEER, "tcp/22")).as("strict").isEqualTo(Verdict.DROP);
    assertThat(gate.verdict(PEER, "tcp/23")).as("loose").isEqualTo(Verdict.ACCEPT);
    assertThat(gate.verdict("203.0.113.10", "tcp/22")).as("others").isEqualTo(Verdict.ACCEPT);
  }

  /**
   * Packets to a door of tcp/1, tcp/2, tcp/3.
   *
   * @param packets destinations, each with the millisecond at which it comes, if that changes
   */
  private record Row(boolean strict, String packets, boolean opens) {}

  @Test
  void rowsOfPackets() {
    List<Row> rows =
        List.of(
            new Row(true, "tcp/1 tcp/2 tcp/3", true),
            new Row(true, "tcp/1 tcp/2", false),
            new Row(true, "tcp/1 tcp/3 tcp/2", false),
            new Row(true, "tcp/1 tcp/9 tcp/2 tcp/3", false),
            new Row(true, "tcp/1 udp/9 tcp/2 tcp/3", true),
            new Row(true, "tcp/1 tcp/2 tcp/1 tcp/2 tcp/3", true),
            new Row(true, "tcp/1 tcp/1 tcp/2 tcp/3", true),
            new Row(true, "tcp/1 tcp/22 tcp/2 tcp/3", false),
            new Row(false, "tcp/1 tcp/9 tcp/2 tcp/8 tcp/3", true),
            new Row(false, "tcp/1 tcp/2 tcp/1 tcp/3", true),
            new Row(false, "tcp/1 tcp/3 tcp/2", false),
            new Row(true, "tcp/1 tcp/2@10000 tcp/3@20000", true),
            new Row(true, "tcp/1 tcp/2@10001 tcp/3", false),
            new Row(true, "tcp/1 tcp/2 tcp/3@10001", false),
            new Row(false, "tcp/1 tcp/2@10001 tcp/1 tcp/2 tcp/3", true));
    for (Row row : rows) {
      Gate gate = new Gate(policy(door("d", sequence(row.strict, "tcp/1", "tcp/2", "tcp/3"), 22)));
      for (String word : row.packets.split(" ", -1)) {
        String[] parts = word.split("@", 2);
        gate.nowMs = parts.length == 2 ? Long.parseLong(parts[1]) : gate.nowMs;
        gate.send(PEER, parts[0]);
      }
      assertThat(gate.verdict(PEER, "tcp/22"))
          .as(row.toString())
          .isEqualTo(row.opens ? Verdict.ACCEPT : Verdict.DROP);
    }
  }

  @Test
  void aRepeatedSynIsNoWrongKnock() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1", "tcp/2"), 22)));
    gate.send(PEER, "tcp/1", TcpFlags.SYN, 77);
    assertThat(gate.send(PEER, "tcp/1", TcpFlags.SYN, 77).noteReason(0)).isEqualTo(Reason.REPEAT);
    gate.send(PEER, "tcp/2", TcpFlags.SYN, 78);
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void aRepeatedSynIsNotTheNextKnockToTheSamePortEither() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1", "tcp/1"), 22)));
    gate.send(PEER, "tcp/1", TcpFlags.SYN, 77);
    gate.send(PEER, "tcp/1", TcpFlags.SYN, 77);
    assertThat(gate.verdict(PEER, "tcp/9")).isEqualTo(Verdict.ACCEPT); // ends the attempt
    gate.send(PEER, "tcp/1", TcpFlags.SYN, 78);
    gate.send(PEER, "tcp/1", TcpFlags.SYN, 79);
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void packetsThatAreNoSynAreNoKnocks() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1", "tcp/2"), 22)));
    gate.send(PEER, "tcp/1");
    assertThat(gate.send(PEER, "tcp/9", TcpFlags.ACK, 5).notes()).isZero();
    assertThat(gate.send(PEER, "tcp/2", TcpFlags.ACK | TcpFlags.SYN, 5).notes()).isZero();
    gate.send(PEER, "tcp/2");
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void theWindowCountsFromTheFirstKnock() {
    Sequence sequence = sequence(true, null, Duration.ofSeconds(15), "tcp/1", "tcp/2", "tcp/3");
    for (long lastMs : new long[] {20_000, 20_001}) {
      Gate gate = new Gate(policy(door("d", sequence, 22)));
      gate.nowMs = 5_000;
      gate.send(PEER, "tcp/1");
      gate.nowMs = 19_000;
      gate.send(PEER, "tcp/2");
      gate.nowMs = lastMs;
      gate.send(PEER, "tcp/3");
      assertThat(gate.verdict(PEER, "tcp/22"))
          .isEqualTo(lastMs == 20_000 ? Verdict.ACCEPT : Verdict.DROP);
    }
  }

  @Test
  void rescueIsAlwaysAdmitted() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1"), 22)));
    assertThat(gate.verdict("192.0.2.10", "tcp/22")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.verdict("2001:db8:5:1::7", "tcp/22")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.packet.reason).isEqualTo(Reason.RESCUE);
    assertThat(gate.verdict("192.0.2.11", "tcp/22")).isEqualTo(Verdict.DROP);
  }

  @Test
  void observeAcceptsWithTheMarkAndSaysWhatWouldHaveBeen() {
    Gate gate = new Gate(policy(true, door("d", sequence(true, "tcp/1"), 22)));
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.packet.intended).isEqualTo(Verdict.DROP);
    assertThat(gate.packet.reason).isEqualTo(Reason.NO_GRANT);
    assertThat(gate.packet.mark).isEqualTo(0x124b);
  }

  @Test
  void aPacketWhoseDecisionWentWrongIsDropped() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1"), 22)));
    gate.send(PEER, "tcp/1");
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
    gate.keeper.fail(gate.packet);
    assertThat(gate.packet.verdict).isEqualTo(Verdict.DROP);
    assertThat(gate.packet.marked).isFalse();
    assertThat(gate.packet.reason).isEqualTo(Reason.FAILED);
    assertThat(gate.packet.door).isEqualTo(-1);
  }

  /** The mark layout drops at protected ports whatever comes without the mark. */
  @Test
  void whereThePolicyOnlyObservesItPassesWithTheMarkAsAllDo() {
    Gate gate = new Gate(policy(true, door("d", sequence(true, "tcp/1"), 22)));
    gate.send(PEER, "tcp/22");
    gate.keeper.fail(gate.packet);
    assertThat(gate.packet.verdict).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.packet.intended).isEqualTo(Verdict.DROP);
    assertThat(gate.packet.mark).isEqualTo(0x124b);
  }

  @Test
  void firstKnocksBeyondTheBudgetAreNotCounted() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1", "tcp/2"), 22)));
    int counted = 0;
    for (int i = 0; i < 1000; i++) {
      gate.send(PEER, "tcp/1");
      Reason last = gate.packet.noteReason(gate.packet.notes() - 1);
      counted += last == Reason.FIRST_KNOCK || last == Reason.RESTARTED ? 1 : 0;
    }
    assertThat(counted).isEqualTo(50);
    assertThat(gate.send("203.0.113.77", "tcp/1").noteReason(0)).isEqualTo(Reason.FIRST_KNOCK);
  }

  @Test
  void aFloodOfFirstKnocksDoesNotPushOutWhoIsFurther() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1", "tcp/2", "tcp/3"), 22)));
    gate.send(PEER, "tcp/1");
    gate.send(PEER, "tcp/2");
    Packet packet = gate.packet;
    for (int i = 0; i < 300_000; i++) {
      gate.nowMs = 1L + i / 50;
      packet.srcHi = 0;
      packet.srcLo = Prefix.v4(0x0a00_0000 + i);
      packet.dstPort = 1;
      gate.keeper.decide(packet, gate.nowMs * 1_000_000, 0);
    }
    int limit = Gate.LIMITS.attempts();
    assertThat(gate.state.attemptCount()).isBetween(limit - 15, limit);
    gate.send(PEER, "tcp/3");
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void unreadablePacketsGetThePolicysVerdict() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1"), 22)));
    gate.packet.readable = false;
    gate.keeper.decide(gate.packet, 0, 0);
    assertThat(gate.packet.verdict).isEqualTo(Verdict.DROP);
    assertThat(gate.packet.reason).isEqualTo(Reason.UNPARSABLE);
  }

  @Test
  void stepsAreNeverAnsweredAndOthersGetTheUnmatchedVerdict() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1", "tcp/2"), 22)));
    assertThat(gate.verdict(PEER, "tcp/2")).isEqualTo(Verdict.DROP);
    assertThat(gate.packet.reason).isEqualTo(Reason.SILENT_KNOCK);
    assertThat(gate.verdict(PEER, "tcp/80")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.packet.marked).isFalse();
  }

  @Test
  void decidesWithoutAllocating() {
    Gate gate = new Gate(policy(door("d", sequence(true, "tcp/1", "tcp/2", "tcp/3"), 22)));
    long bytes = Allocated.bytes(() -> mixed(gate, 200_000));
    assertThat(bytes).as("bytes for 200,000 packets").isLessThan(1000);
  }

  private static void mixed(Gate gate, int packets) {
    Packet packet = gate.packet;
    packet.readable = true;
    packet.version = 4;
    packet.protocol = Protocol.TCP;
    packet.flags = TcpFlags.SYN;
    packet.srcHi = 0;
    for (int i = 0; i < packets; i++) {
      packet.srcLo = Prefix.v4(i % 5000);
      packet.dstPort = i % 4 == 3 ? 22 : 1 + i % 4;
      packet.sequence = i;
      gate.keeper.decide(packet, 1_000_000L * i, 0);
    }
  }
}

package knockgate.rules;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Limits;
import knockgate.rules.policy.Mark;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.QueueSpec;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import knockgate.rules.words.Verdict;
import org.jspecify.annotations.Nullable;

/** A gate with a clock of its own, fed packet by packet; and short ways to write policies. */
final class Gate {
  static final Limits LIMITS = new Limits(1024, 256, 50, 32, 64);

  final KnockState state;
  final Gatekeeper keeper;
  private final PolicyPlan plan;
  final Packet packet = new Packet();
  long nowMs;

  /** The wall clock at {@link #nowMs} 0. */
  long startMs;

  private int nextSequence = 1;

  Gate(Policy policy) {
    state = new KnockState(policy.limits());
    plan = new PolicyPlan(policy, state);
    keeper = new Gatekeeper(plan, state);
  }

  /** Its first policy. */
  PolicyPlan plan() {
    return plan;
  }

  /** A SYN, datagram or echo request of its own to {@code tcp/22} and the like. */
  Packet send(String peer, String destination) {
    return send(peer, destination, TcpFlags.SYN, nextSequence++);
  }

  Packet send(String peer, String destination, int flags, int sequence) {
    Step to = step(destination);
    Prefix source = Prefix.parse(peer);
    packet.readable = true;
    packet.version = Prefix.isV4(source.hi(), source.lo()) ? 4 : 6;
    packet.srcHi = source.hi();
    packet.srcLo = source.lo();
    packet.protocol = to.protocol();
    packet.srcPort = 40000;
    packet.dstPort = to.number();
    packet.flags = flags;
    packet.sequence = sequence;
    packet.arrivalMark = 0x1200;
    keeper.decide(packet, nowMs * 1_000_000, startMs + nowMs);
    return packet;
  }

  Verdict verdict(String peer, String destination) {
    return send(peer, destination).verdict;
  }

  static Step step(String text) {
    String[] parts = text.split("/", 2);
    return new Step(
        Protocol.valueOf(parts[0].toUpperCase(Locale.ROOT)), Integer.parseInt(parts[1]));
  }

  static Sequence sequence(boolean strict, String... steps) {
    return sequence(strict, Duration.ofSeconds(10), null, steps);
  }

  static Sequence sequence(
      boolean strict, @Nullable Duration time, @Nullable Duration window, String... steps) {
    return new Sequence(
        Arrays.stream(steps).map(Gate::step).toList(),
        strict,
        time,
        window,
        TcpFlags.OPENING,
        true,
        true);
  }

  /** A door for one TCP port that closes after an hour. */
  static Door door(String name, Sequence sequence, int port) {
    return door(name, sequence, port, Duration.ofHours(1), 32, 128, 0);
  }

  static Door door(
      String name,
      Sequence sequence,
      int port,
      @Nullable Duration autoclose,
      int coversV4,
      int coversV6,
      int connections) {
    List<PortRange> protects = List.of(new PortRange(Protocol.TCP, port, port));
    return new Door(name, protects, sequence, autoclose, coversV4, coversV6, connections);
  }

  static Policy policy(Door... doors) {
    return policy(false, doors);
  }

  static Policy policy(boolean observe, Door... doors) {
    return new Policy(
        new QueueSpec(0, 1, 16384, false, 0, false),
        observe,
        Verdict.ACCEPT,
        Verdict.DROP,
        new Mark(0x4b, 0xff),
        List.of(Prefix.parse("192.0.2.10"), Prefix.parse("2001:db8:5::/48")),
        LIMITS,
        List.of(doors));
  }
}

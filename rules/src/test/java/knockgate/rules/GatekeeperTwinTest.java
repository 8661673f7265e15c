package knockgate.rules;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import knockgate.rules.RandomScene.Era;
import knockgate.rules.SlowGatekeeper.Arrival;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyReader;
import knockgate.rules.policy.Policy;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The gate against its slow twin, on doors and packets that are made up. The system properties
 * {@code knockgate.twin.seed} and {@code knockgate.twin.scenes} try others, and more of them.
 */
class GatekeeperTwinTest {
  private static final long SEED = Long.getLong("knockgate.twin.seed", 20_261_130);
  private static final int SCENES = Integer.getInteger("knockgate.twin.scenes", 150);
  private static final int PACKETS = 200;
  private static final int ARRIVAL_MARK = 0x1234_5600;
  private static final String FLAG_LETTERS = "FSRPAUEC";

  /** Whether both decided every packet of a scene alike, and how many they admitted. */
  private record Run(boolean agrees, int admitted) {}

  @Test
  void everyPacketGetsTheVerdictThatTheTwinGivesIt() {
    SplittableRandom seeds = new SplittableRandom(SEED);
    int admitted = 0;
    for (int i = 0; i < SCENES; i++) {
      RandomScene scene = new RandomScene(seeds.nextLong(), PACKETS);
      Run run = run(scene, scene.eras, null);
      assertThat(run.agrees ? "" : smallest(scene)).as("seed %d, scene %d", SEED, i).isEmpty();
      admitted += run.admitted;
    }
    // Scenes in which nobody gets in would test nothing.
    assertThat(admitted).isGreaterThan(SCENES * PACKETS / 20);
  }

  /**
   * Shows a scene to both, up to the first packet that they decide differently.
   *
   * @param told where to write it down; null = nowhere
   */
  private static Run run(RandomScene scene, List<Era> eras, @Nullable List<String> told) {
    SlowGatekeeper twin = new SlowGatekeeper(scene.terms);
    List<Policy> policies = eras.stream().map(era -> policy(scene, era)).toList();
    KnockState state = new KnockState(policies.get(0).limits(), scene.lanes, () -> SEED);
    PolicyPlan first = new PolicyPlan(policies.get(0), state);
    Gatekeeper[] lanes = {new Gatekeeper(first, state), new Gatekeeper(first, state)};
    Packet packet = new Packet();
    int seen = 0;
    int admitted = 0;
    for (int era = 0; era < eras.size(); era++) {
      PolicyPlan plan = new PolicyPlan(policies.get(era), state);
      twin.use(eras.get(era).doors());
      lanes[0].use(plan);
      lanes[1].use(plan);
      String policy = hocon(scene, eras.get(era));
      tell(told, () -> policy);
      for (Arrival arrival : eras.get(era).arrivals()) {
        String expected = twin.decide(arrival);
        String decided = decided(lanes[seen++ % scene.lanes], packet, arrival, scene);
        tell(told, () -> "twin " + expected + ", gate " + decided + ": " + arrival);
        if (!decided.equals(expected)) {
          return new Run(false, admitted);
        }
        admitted += expected.equals("ACCEPT marked") ? 1 : 0;
        if (eras.size() == 1 && seen % 16 == 0) {
          sweep(plan, state, arrival.atMs());
        }
      }
    }
    return new Run(true, admitted);
  }

  private static void tell(@Nullable List<String> told, Supplier<String> line) {
    if (told != null) {
      told.add(line.get());
    }
  }

  /** What nobody may notice: only a connection that came last and very late is forgotten by it. */
  private static void sweep(PolicyPlan plan, KnockState state, long nowMs) {
    state.sweepAttempts(plan, nowMs, 0);
    if (plan.policy.doors().stream().noneMatch(door -> door.autoclose() == null)) {
      state.grants().sweep(nowMs, ended -> {});
    }
  }

  private static Policy policy(RandomScene scene, Era era) {
    try {
      return PolicyReader.read(ConfigFactory.parseString(hocon(scene, era)));
    } catch (PolicyException e) {
      throw new IllegalStateException(hocon(scene, era), e);
    }
  }

  private static String hocon(RandomScene scene, Era era) {
    return """
    rescue = [ %s ], mode = %s, unmatched = %s
    limits { attempts = 1024, grants = 256, first-knocks = %s }
    doors {
    %s}
    """
        .formatted(
            scene.terms.rescue().stream().collect(joining("\", \"", "\"", "\"")),
            scene.observe ? "observe" : "enforce",
            scene.terms.unmatchedAccepted() ? "accept" : "drop",
            scene.terms.firstKnocks() == null
                ? "unlimited"
                : "\"" + scene.terms.firstKnocks() + "/s\"",
            era.doors().stream().map(SlowDoor::hocon).collect(joining()));
  }

  private static String decided(
      Gatekeeper lane, Packet packet, Arrival arrival, RandomScene scene) {
    byte[] bytes = bytes(arrival);
    PacketParser.parse(ByteBuffer.wrap(bytes), 0, bytes.length, packet);
    packet.arrivalMark = ARRIVAL_MARK;
    lane.decide(packet, arrival.atMs() * 1_000_000, scene.terms.startMs() + arrival.atMs());
    boolean isAdmitted = packet.reason == Reason.GRANTED || packet.reason == Reason.RESCUE;
    Verdict wanted = scene.observe ? Verdict.ACCEPT : packet.intended;
    boolean isMarked = packet.marked && packet.mark == (ARRIVAL_MARK | 0x4b);
    return packet.intended
        + (isAdmitted ? " marked" : "")
        + (packet.verdict == wanted ? "" : ", but it is told " + packet.verdict)
        + (isMarked == (isAdmitted || scene.observe) ? "" : ", but the mark is another");
  }

  /** A scene that they still decide differently, without the packets and doors that do no harm. */
  private static String smallest(RandomScene scene) {
    List<Era> eras = new ArrayList<>(scene.eras);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < eras.size(); i++) {
        for (int j = eras.get(i).arrivals().size() - 1; j >= 0; j--) {
          Era era = eras.get(i);
          replaceIfDifferent(scene, eras, i, new Era(era.doors(), without(era.arrivals(), j)));
        }
        for (int j = eras.get(i).doors().size() - 1; j >= 0; j--) {
          Era era = eras.get(i);
          replaceIfDifferent(scene, eras, i, new Era(without(era.doors(), j), era.arrivals()));
        }
      }
    }
    List<String> told = new ArrayList<>();
    run(scene, eras, told);
    return String.join("\n", told);
  }

  private static void replaceIfDifferent(RandomScene scene, List<Era> eras, int i, Era less) {
    List<Era> fewer = new ArrayList<>(eras);
    fewer.set(i, less);
    if (!less.doors().isEmpty() && !run(scene, fewer, null).agrees) {
      eras.set(i, less);
    }
  }

  private static <T> List<T> without(List<T> all, int index) {
    List<T> fewer = new ArrayList<>(all);
    fewer.remove(index);
    return fewer;
  }

  private static byte[] bytes(Arrival arrival) {
    byte[] source = arrival.address();
    boolean isV4 = source.length == 4;
    int number = arrival.to().number();
    int idAndSequence = arrival.id() << 16 | arrival.sequence();
    byte[] datagram =
        PacketBytes.udp(
            arrival.id(), number, arrival.payload().getBytes(StandardCharsets.US_ASCII));
    byte[] packet =
        switch (arrival.to().protocol()) {
          case "tcp" ->
              ip(
                  isV4,
                  6,
                  PacketBytes.tcp(
                      arrival.id(), number, arrival.sequence(), flags(arrival.flags())));
          case "udp" -> ip(isV4, 17, datagram);
          case "sctp" -> ip(isV4, 132, datagram);
          case "udplite" -> ip(isV4, 136, datagram);
          case "icmp" ->
              ip(isV4, isV4 ? 1 : 58, PacketBytes.icmp(isV4 ? 8 : 128, number, idAndSequence));
          case "echo-reply" ->
              ip(isV4, isV4 ? 1 : 58, PacketBytes.icmp(isV4 ? 0 : 129, number, idAndSequence));
          case "other-icmp" ->
              ip(isV4, isV4 ? 58 : 1, PacketBytes.icmp(isV4 ? 128 : 8, number, idAndSequence));
          default -> throw new IllegalStateException(arrival.toString());
        };
    System.arraycopy(source, 0, packet, isV4 ? 12 : 8, source.length);
    return packet;
  }

  private static byte[] ip(boolean isV4, int protocol, byte[] content) {
    return isV4 ? PacketBytes.v4(protocol, content) : PacketBytes.v6(protocol, content);
  }

  private static int flags(String letters) {
    return letters.chars().map(letter -> 1 << FLAG_LETTERS.indexOf(letter)).sum();
  }
}

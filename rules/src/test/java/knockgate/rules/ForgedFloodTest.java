package knockgate.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyReader;
import knockgate.rules.policy.Policy;
import knockgate.rules.spa.CipherMode;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.FwknopMessage;
import knockgate.rules.spa.FwknopType;
import knockgate.rules.spa.FwknopWire;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.RotatingSequence;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two seconds of a flood of forged messages from a million sources, by the gate's own clock; every
 * tenth of a second somebody sends a genuine one of each dialect. What such a flood costs other
 * packets is for the benchmark.
 */
class ForgedFloodTest {
  private static final int PER_MS = 20;
  private static final int LENGTH_MS = 2_000;
  private static final int GENUINE_EVERY_MS = 100;
  private static final int SOURCES = 1_000_000;
  private static final long SEED = 20261122;
  private static final long START_MS = 1_795_332_540_000L;
  private static final RotatingSequence KNOCKS =
      new RotatingSequence(
          Secret.ofText("0123456789abcdef"),
          "r",
          new PortRange(Protocol.TCP, 20_000, 29_999),
          4,
          Duration.ofSeconds(30));

  private final SplittableRandom random = new SplittableRandom(SEED);

  /** The usual policy, and the dearest one. */
  @ParameterizedTest
  @CsvSource({"1, 1", "10, 5"})
  void genuineMessagesOfEachDialectOpenAtTheFirstTry(int stanzas, int tolerance)
      throws PolicyException {
    Gate gate = gate(stanzas, tolerance);
    byte[] fwknop = fwknop("wrong");
    byte[] pknock = PknockSpa.message(Secret.ofText("wrong"), 0, Prefix.v4(1), START_MS / 1000);
    int refused = 0;
    for (gate.nowMs = 1; gate.nowMs <= LENGTH_MS; gate.nowMs++) {
      for (int i = 0; i < PER_MS; i++) {
        String source = address(10 << 24 | random.nextInt(SOURCES));
        boolean first = i % 2 == 0;
        say(gate, source, first ? 62201 : 4002, first ? fwknop : pknock);
        refused += gate.packet.noteReason(0) == Reason.SPA_HMAC ? 1 : 0;
      }
      if (gate.nowMs % GENUINE_EVERY_MS == 0) {
        allOpen(gate, address(172 << 24 | 16 << 16 | (int) gate.nowMs));
      }
    }
    assertThat(refused).as("looked at").isEqualTo(PER_MS * LENGTH_MS);
  }

  private void allOpen(Gate gate, String peer) {
    say(gate, peer, 62201, fwknop("hmac 0"));
    assertThat(gate.packet.noteReason(0)).as("fwknop, %s", peer).isEqualTo(Reason.SPA_OPENED);
    Prefix source = Prefix.parse(peer);
    long seconds = (START_MS + gate.nowMs) / 1000;
    say(gate, peer, 4002, PknockSpa.message(Secret.ofText("open"), 0, source.lo(), seconds));
    assertThat(gate.packet.noteReason(0)).as("pknock, %s", peer).isEqualTo(Reason.SPA_OPENED);
    for (int port : KNOCKS.ports(KNOCKS.stepAt(START_MS + gate.nowMs))) {
      gate.send(peer, "tcp/" + port);
    }
    assertThat(gate.packet.noteReason(0)).as("rotating, %s", peer).isEqualTo(Reason.OPENED);
    for (int port : new int[] {22, 993, 443}) {
      assertThat(gate.verdict(peer, "tcp/" + port)).as("%d", port).isEqualTo(Verdict.ACCEPT);
    }
  }

  private static void say(Gate gate, String peer, int port, byte[] payload) {
    System.arraycopy(payload, 0, gate.packet.payload, 0, payload.length);
    gate.packet.payloadLength = payload.length;
    gate.send(peer, "udp/" + port);
    gate.packet.payloadLength = 0;
  }

  private byte[] fwknop(String hmacKey) {
    FwknopMessage message =
        new FwknopMessage(
            "%016d".formatted(random.nextLong(10_000_000_000_000_000L)),
            "alice",
            START_MS / 1000,
            FwknopMessage.VERSION,
            FwknopType.ACCESS,
            "0.0.0.0,tcp/22",
            null,
            null,
            0,
            HashKind.SHA256);
    FwknopKeys keys =
        new FwknopKeys(
            CipherMode.CBC, Secret.ofText("key"), HashKind.SHA256, Secret.ofText(hmacKey));
    byte[] salt = new byte[8];
    random.nextBytes(salt);
    return FwknopWire.packet(message, keys, salt);
  }

  private static String address(int v4) {
    return (v4 >>> 24) + "." + (v4 >>> 16 & 255) + "." + (v4 >>> 8 & 255) + "." + (v4 & 255);
  }

  private static Gate gate(int stanzas, int tolerance) throws PolicyException {
    String list =
        IntStream.range(0, stanzas)
            .mapToObj("s%1$d { key = key, hmac-key = \"hmac %1$d\" }"::formatted)
            .collect(Collectors.joining("\n"));
    String text =
        """
        doors {
          f { protects = [ "tcp/22" ], autoclose = 1h, spa { dialect = fwknop, stanzas { %s } } }
          p { protects = [ "tcp/993" ], autoclose = 1h
              spa { dialect = pknock, port = 4002, tolerance = %s
                    open-secret = open, close-secret = shut } }
          r { protects = [ "tcp/443" ], autoclose = 1h
              rotating { secret = "0123456789abcdef", range = "tcp/20000-29999"
                         count = 4, step = 30s } }
        }
        """;
    Policy policy = PolicyReader.read(ConfigFactory.parseString(text.formatted(list, tolerance)));
    Gate gate = new Gate(policy);
    gate.startMs = START_MS;
    return gate;
  }
}

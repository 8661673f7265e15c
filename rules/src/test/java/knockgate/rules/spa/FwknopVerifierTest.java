package knockgate.rules.spa;

import static knockgate.rules.spa.Requests.NOW_MS;
import static knockgate.rules.spa.Requests.keys;
import static knockgate.rules.spa.Requests.message;
import static knockgate.rules.spa.Requests.packet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What stanzas allow and refuse, each refusal with its reason. */
class FwknopVerifierTest {
  private static final Prefix SOURCE = Prefix.parse("198.51.100.7");
  private static final Prefix SOURCE6 = Prefix.parse("2001:db8::7");
  private static final Prefix HERE = Prefix.parse("192.0.2.1");
  private static final FwknopKeys KEYS = keys("key one", "hmac one");
  private static final FwknopKeys OTHER = keys("key two", "hmac two");

  static Stream<Arguments> asked() {
    return Stream.of(
        Arguments.of("192.0.2.10,tcp/22", Reason.SPA_OPENED),
        Arguments.of("192.0.2.10,tcp/22,tcp/25", Reason.SPA_OPENED),
        Arguments.of("192.0.2.10,tcp/21", Reason.SPA_PORT),
        Arguments.of("192.0.2.10,tcp/22,tcp/21", Reason.SPA_PORT),
        Arguments.of("192.0.2.10,udp/22", Reason.SPA_PORT),
        Arguments.of("192.0.2.10,icmp/22", Reason.SPA_PORT),
        Arguments.of("192.0.2.10,none/22", Reason.SPA_PORT),
        Arguments.of("192.0.2.10,tcp/24", Reason.SPA_RESTRICTED),
        Arguments.of("192.0.2.10,tcp/22,tcp/24", Reason.SPA_RESTRICTED));
  }

  @ParameterizedTest
  @MethodSource("asked")
  void nothingOpensThatIsNotListed(String message, Reason expected) {
    PortRange ports = new PortRange(Protocol.TCP, 22, 25);
    PortRange restricted = new PortRange(Protocol.TCP, 24, 24);
    FwknopStanza stanza = Stanzas.ports(KEYS, List.of(ports), List.of(restricted));
    assertThat(judge(packet(KEYS, message), stanza)).isEqualTo(expected);
  }

  @Test
  void sourceAndDestinationSelectTheStanza() {
    byte[] packet = packet(KEYS, "192.0.2.10,tcp/22");
    Prefix elsewhere = Prefix.parse("203.0.113.0/24");
    List<PortRange> ports = List.of(Stanzas.SSH);
    assertThat(
            judge(
                packet,
                Stanzas.with(KEYS, List.of(elsewhere), List.of(), ports, List.of(), Map.of())))
        .isEqualTo(Reason.SPA_SOURCE);
    assertThat(
            judge(
                packet,
                Stanzas.with(KEYS, List.of(), List.of(elsewhere), ports, List.of(), Map.of())))
        .isEqualTo(Reason.SPA_DESTINATION);
    assertThat(
            judge(
                packet,
                Stanzas.with(
                    KEYS, List.of(elsewhere, SOURCE), List.of(HERE), ports, List.of(), Map.of())))
        .isEqualTo(Reason.SPA_OPENED);
  }

  @Test
  void userAddressAndExpiryAreDemanded() {
    byte[] named = packet(KEYS, "192.0.2.10,tcp/22");
    byte[] unnamed = packet(KEYS, "0.0.0.0,tcp/22");
    Instant now = Instant.ofEpochMilli(NOW_MS);
    assertThat(judge(named, Stanzas.user(KEYS, "feat", true, now.plusMillis(1))))
        .isEqualTo(Reason.SPA_OPENED);
    assertThat(judge(unnamed, Stanzas.user(KEYS, "feat", false, now.plusMillis(1))))
        .isEqualTo(Reason.SPA_OPENED);
    assertThat(judge(named, Stanzas.user(KEYS, "Feat", false, now.plusMillis(1))))
        .isEqualTo(Reason.SPA_USER);
    assertThat(judge(unnamed, Stanzas.user(KEYS, "feat", true, now.plusMillis(1))))
        .isEqualTo(Reason.SPA_ADDRESS);
    assertThat(judge(named, Stanzas.user(KEYS, "feat", false, now)))
        .isEqualTo(Reason.SPA_STANZA_EXPIRED);
  }

  @Test
  void theAddressInsideIsGrantedAndZeroMeansTheSource() {
    FwknopVerifier verifier = verifier(Stanzas.open(KEYS));
    judge(verifier, packet(KEYS, "192.0.2.10,tcp/22"), SOURCE, NOW_MS);
    assertThat(granted(verifier)).isEqualTo("192.0.2.10");
    judge(verifier, packet(KEYS, "0.0.0.0,tcp/22"), SOURCE, NOW_MS);
    assertThat(granted(verifier)).isEqualTo("198.51.100.7");
    judge(verifier, packet(KEYS, "0.0.0.0,tcp/23"), SOURCE6, NOW_MS);
    assertThat(granted(verifier)).isEqualTo("2001:db8::7");
    judge(verifier, packet(KEYS, "192.0.2.11,tcp/22"), SOURCE6, NOW_MS);
    assertThat(granted(verifier)).isEqualTo("192.0.2.11");
  }

  @Test
  void theClientsTimeoutIsCutToTheCeiling() {
    Duration ceiling = Duration.ofSeconds(60);
    FwknopStanza stanza =
        Stanzas.times(KEYS, Duration.ofMinutes(1), Duration.ofSeconds(30), ceiling);
    assertThat(timeout(stanza, FwknopType.ACCESS, 0)).isEqualTo(Duration.ofSeconds(30));
    assertThat(timeout(stanza, FwknopType.ACCESS_TIMEOUT, 45)).isEqualTo(Duration.ofSeconds(45));
    assertThat(timeout(stanza, FwknopType.ACCESS_TIMEOUT, 61)).isEqualTo(ceiling);
    assertThat(timeout(stanza, FwknopType.ACCESS_TIMEOUT, 0)).isEqualTo(Duration.ofSeconds(30));
    assertThat(timeout(Stanzas.open(KEYS), FwknopType.ACCESS, 0)).isNull();
  }

  @Test
  void translationIsRefusedUnlessThePolicyMapsIt() {
    byte[] packet = packet(KEYS, FwknopType.NAT_ACCESS, "192.0.2.10,tcp/22", "10.1.2.3,22", 0, 1);
    assertThat(judge(packet, Stanzas.open(KEYS))).isEqualTo(Reason.SPA_NAT);
    PortRange mapped = new PortRange(Protocol.TCP, 2222, 2222);
    FwknopStanza maps =
        Stanzas.with(
            KEYS, List.of(), List.of(), List.of(mapped), List.of(), Map.of("10.1.2.3,22", mapped));
    FwknopVerifier verifier = verifier(maps);
    assertThat(judge(verifier, packet, SOURCE, NOW_MS)).isEqualTo(Reason.SPA_OPENED);
    assertThat(verifier.request().ports()).containsExactly(mapped);
  }

  @Test
  void commandsAreNeverRun() {
    byte[] packet = packet(KEYS, FwknopType.COMMAND, "192.0.2.10,/bin/true", null, 0, 1);
    FwknopVerifier verifier = verifier(Stanzas.open(KEYS));
    assertThat(judge(verifier, packet, SOURCE, NOW_MS)).isEqualTo(Reason.SPA_COMMAND);
    assertThatThrownBy(verifier::request).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theFirstStanzaThatPassesWins() {
    FwknopStanza narrow = Stanzas.ports(KEYS, List.of(Stanzas.SSH), List.of());
    FwknopStanza wide = Stanzas.open(KEYS);
    FwknopVerifier verifier = verifier(Stanzas.open(OTHER), narrow, wide);
    assertThat(judge(verifier, packet(KEYS, "192.0.2.10,tcp/22"), SOURCE, NOW_MS))
        .isEqualTo(Reason.SPA_OPENED);
    assertThat(verifier.request().stanza()).isSameAs(narrow);
    assertThat(judge(verifier, packet(KEYS, "192.0.2.10,tcp/23"), SOURCE, NOW_MS))
        .isEqualTo(Reason.SPA_OPENED);
    assertThat(verifier.request().stanza()).isSameAs(wide);
  }

  @Test
  void theStanzaThatCameFurthestGivesTheReason() {
    FwknopStanza narrow = Stanzas.ports(KEYS, List.of(Stanzas.SSH), List.of());
    FwknopVerifier verifier = verifier(Stanzas.open(OTHER), narrow, Stanzas.open(OTHER));
    assertThat(judge(verifier, packet(KEYS, "192.0.2.10,tcp/23"), SOURCE, NOW_MS))
        .isEqualTo(Reason.SPA_PORT);
    assertThat(verifier.stanza()).isOne();
    FwknopMessage message = verifier.message();
    assertThat(message == null ? "" : message.user()).isEqualTo("feat");
  }

  @Test
  void aRefusedMessageIsUsedUpToo() {
    // Or it could be caught and sent again from where the stanza would take it.
    FwknopStanza stanza = Stanzas.ports(KEYS, List.of(Stanzas.SSH), List.of());
    FwknopVerifier verifier = verifier(stanza);
    byte[] packet = packet(KEYS, "192.0.2.10,tcp/23");
    assertThat(judge(verifier, packet, SOURCE, NOW_MS)).isEqualTo(Reason.SPA_PORT);
    assertThat(judge(verifier, packet, SOURCE, NOW_MS)).isEqualTo(Reason.SPA_REPLAY);
  }

  @Test
  void lanesAndDoorsShareWhatWasUsed() {
    ReplayWindow shared = new ReplayWindow(64);
    FwknopVerifier one = new FwknopVerifier(List.of(Stanzas.open(KEYS)), shared);
    FwknopVerifier two = new FwknopVerifier(List.of(Stanzas.open(KEYS)), shared);
    byte[] packet = packet(KEYS, "192.0.2.10,tcp/22");
    assertThat(judge(one, packet, SOURCE, NOW_MS)).isEqualTo(Reason.SPA_OPENED);
    assertThat(judge(two, packet, SOURCE6, NOW_MS)).isEqualTo(Reason.SPA_REPLAY);
  }

  @Test
  void aFullMemoryRefuses() {
    ReplayWindow window = new ReplayWindow(64);
    for (long i = 0; i < 10_000; i++) {
      window.admit(i << 26, NOW_MS + 7_200_000, NOW_MS);
    }
    FwknopVerifier verifier = new FwknopVerifier(List.of(Stanzas.open(KEYS)), window);
    assertThat(judge(verifier, packet(KEYS, "192.0.2.10,tcp/22"), SOURCE, NOW_MS))
        .isEqualTo(Reason.SPA_REPLAY_FULL);
  }

  @Test
  void everyKindOfHashWorksAsDigestAndAsHmac() {
    for (HashKind hmac : HashKind.values()) {
      for (HashKind digest : HashKind.values()) {
        FwknopKeys keys =
            new FwknopKeys(CipherMode.CBC, Secret.ofText("k"), hmac, Secret.ofText("h"));
        byte[] packet =
            FwknopWire.packet(
                message(FwknopType.ACCESS, "0.0.0.0,tcp/22", null, 0, digest), keys, new byte[8]);
        assertThat(judge(packet, Stanzas.open(keys)))
            .as("%s %s", hmac, digest)
            .isEqualTo(Reason.SPA_OPENED);
      }
    }
  }

  @Test
  void theSizeLimitsAreTheRealServers() {
    FwknopVerifier verifier = verifier(Stanzas.open(KEYS));
    byte[] long1536 = new byte[1536];
    Arrays.fill(long1536, (byte) 'A');
    for (int length : new int[] {0, 1, 139, 1501, 1536}) {
      assertThat(verifier.judge(long1536, length, SOURCE.hi(), SOURCE.lo(), 0, 0, NOW_MS))
          .isEqualTo(Reason.SPA_FORM);
    }
  }

  private static @Nullable Duration timeout(FwknopStanza stanza, FwknopType type, int seconds) {
    FwknopVerifier verifier = verifier(stanza);
    byte[] packet = packet(KEYS, type, "192.0.2.10,tcp/22", null, seconds, 1);
    assertThat(judge(verifier, packet, SOURCE, NOW_MS)).isEqualTo(Reason.SPA_OPENED);
    return verifier.request().timeout();
  }

  private static String granted(FwknopVerifier verifier) {
    return Prefix.address(verifier.request().addressHi(), verifier.request().addressLo());
  }

  private static FwknopVerifier verifier(FwknopStanza... stanzas) {
    return new FwknopVerifier(List.of(stanzas), new ReplayWindow(64));
  }

  private static Reason judge(byte[] packet, FwknopStanza stanza) {
    return judge(verifier(stanza), packet, SOURCE, NOW_MS);
  }

  private static Reason judge(FwknopVerifier verifier, byte[] packet, Prefix source, long nowMs) {
    return verifier.judge(
        packet, packet.length, source.hi(), source.lo(), HERE.hi(), HERE.lo(), nowMs);
  }
}

package knockgate.rules.spa;

import static knockgate.rules.spa.Requests.NOW_MS;
import static knockgate.rules.spa.Requests.keys;
import static knockgate.rules.spa.Requests.packet;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How long a message may be under way, and how long it is remembered. */
class FwknopClockTest {
  private static final Prefix SOURCE = Prefix.parse("198.51.100.7");
  private static final Prefix ELSEWHERE = Prefix.parse("2001:db8::7");
  private static final FwknopKeys KEYS = keys("key one", "hmac one");

  static Stream<Arguments> ages() {
    return Stream.of(
        Arguments.of(0, Reason.SPA_OPENED),
        Arguments.of(120_999, Reason.SPA_OPENED),
        Arguments.of(121_000, Reason.SPA_CLOCK),
        Arguments.of(-120_000, Reason.SPA_OPENED),
        Arguments.of(-120_001, Reason.SPA_CLOCK),
        Arguments.of(-86_400_000, Reason.SPA_CLOCK));
  }

  @ParameterizedTest
  @MethodSource("ages")
  void clocksDifferByTheAgeAtMostInWholeSeconds(long laterMs, Reason expected) {
    FwknopVerifier verifier = verifier(Stanzas.open(KEYS));
    byte[] packet = packet(KEYS, "192.0.2.10,tcp/22");
    assertThat(judge(verifier, packet, SOURCE, NOW_MS + laterMs)).isEqualTo(expected);
    assertThat(verifier.clockDifferenceMs()).isEqualTo(-laterMs);
  }

  @Test
  void aMessageWhoseTimeHasNotComeIsUsedUp() {
    // Or it could be caught, and sent from another address when its time has come.
    FwknopVerifier verifier = verifier(Stanzas.open(KEYS));
    byte[] packet = packet(KEYS, "0.0.0.0,tcp/22");
    assertThat(judge(verifier, packet, SOURCE, NOW_MS - 600_000)).isEqualTo(Reason.SPA_CLOCK);
    assertThat(judge(verifier, packet, ELSEWHERE, NOW_MS)).isEqualTo(Reason.SPA_REPLAY);
  }

  @Test
  void aMessageThatNoStanzaCanTakeAnyMoreNeedsNoRoom() {
    ReplayWindow window = new ReplayWindow(64);
    List<Long> told = new ArrayList<>();
    window.watch(told::add);
    FwknopVerifier verifier = new FwknopVerifier(List.of(Stanzas.open(KEYS)), window);
    byte[] packet = packet(KEYS, "192.0.2.10,tcp/22");
    for (int i = 0; i < 2; i++) {
      assertThat(judge(verifier, packet, SOURCE, NOW_MS + 3_601_000)).isEqualTo(Reason.SPA_CLOCK);
    }
    assertThat(told).isEmpty();
    assertThat(judge(verifier, packet, SOURCE, NOW_MS + 3_600_999)).isEqualTo(Reason.SPA_CLOCK);
    assertThat(judge(verifier, packet, SOURCE, NOW_MS + 3_600_999)).isEqualTo(Reason.SPA_REPLAY);
    assertThat(told).hasSize(1);
  }

  @Test
  void aStanzaThatIsTooStrictWithTheClockLeavesItToTheNext() {
    Duration hour = Duration.ofHours(1);
    FwknopStanza brief = Stanzas.times(KEYS, Duration.ofSeconds(10), null, hour);
    FwknopStanza patient = Stanzas.times(KEYS, FwknopStanza.MAX_AGE, null, hour);
    byte[] packet = packet(KEYS, "192.0.2.10,tcp/22");
    assertThat(judge(verifier(brief, patient), packet, SOURCE, NOW_MS + 60_000))
        .isEqualTo(Reason.SPA_OPENED);
  }

  @Test
  void aStanzaWithALongerAgeDoesNotTakeWhatAnotherForgot() {
    ReplayWindow shared = new ReplayWindow(64);
    Duration hour = Duration.ofHours(1);
    FwknopStanza brief = Stanzas.times(KEYS, Duration.ofSeconds(10), null, hour);
    FwknopStanza patient = Stanzas.times(KEYS, FwknopStanza.MAX_AGE, null, hour);
    byte[] packet = packet(KEYS, "192.0.2.10,tcp/22");
    assertThat(judge(new FwknopVerifier(List.of(brief), shared), packet, SOURCE, NOW_MS))
        .isEqualTo(Reason.SPA_OPENED);
    for (long later : new long[] {60_000, 1_800_000, 3_600_000}) {
      assertThat(
              judge(new FwknopVerifier(List.of(patient), shared), packet, SOURCE, NOW_MS + later))
          .isEqualTo(Reason.SPA_REPLAY);
    }
  }

  private static FwknopVerifier verifier(FwknopStanza... stanzas) {
    return new FwknopVerifier(List.of(stanzas), new ReplayWindow(64));
  }

  private static Reason judge(FwknopVerifier verifier, byte[] packet, Prefix source, long nowMs) {
    return verifier.judge(packet, packet.length, source.hi(), source.lo(), 0, 0, nowMs);
  }
}

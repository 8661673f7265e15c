package knockgate.rules.spa;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import knockgate.rules.Allocated;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the packet path does with messages in GPG mode: all but decrypt them. */
class FwknopSealedTest {
  private static final long NOW_MS = 1_795_332_556_000L;
  private static final Secret KEY = Secret.ofText("not read here");
  private static final FwknopGpg SHA256 = gpg(HashKind.SHA256, "hush");
  private static final byte[] MESSAGE = OpenPgpBytes.rsa(1);

  @Test
  void aRightHmacHandsTheMessageOver() {
    for (HashKind kind : HashKind.values()) {
      FwknopVerifier verifier = verifier(gpg(kind, "hush"));
      byte[] packet = OpenPgpBytes.packet(MESSAGE, gpg(kind, "hush"));
      assertThat(verifier.hasForm(packet, packet.length)).isTrue();
      assertThat(judge(verifier, packet)).as(kind.word()).isEqualTo(Reason.SPA_SEALED);
      assertThat(verifier.sealed()).isEqualTo(MESSAGE);
      assertThat(verifier.takers()).containsExactly(0);
      assertThat(verifier.message()).isNull();
    }
  }

  @Test
  void aCapturedMessageIsHandedOverOnce() {
    FwknopVerifier verifier = verifier(SHA256);
    byte[] packet = OpenPgpBytes.packet(MESSAGE, SHA256);
    judge(verifier, packet);
    assertThat(judge(verifier, packet)).isEqualTo(Reason.SPA_REPLAY);
    assertThatThrownBy(verifier::sealed).isInstanceOf(IllegalStateException.class);
    byte[] another = OpenPgpBytes.packet(OpenPgpBytes.rsa(2), SHA256);
    assertThat(judge(verifier, another)).isEqualTo(Reason.SPA_SEALED);
  }

  @Test
  void everyStanzaThatMayTakeItIsNamedInTheirOrder() {
    FwknopKeys symmetric =
        new FwknopKeys(CipherMode.CBC, KEY, HashKind.SHA256, Secret.ofText("hush"));
    FwknopVerifier verifier =
        verifier(
            gpg(HashKind.SHA256, "other"), SHA256, symmetric, gpg(HashKind.SHA1, "hush"), SHA256);
    assertThat(judge(verifier, OpenPgpBytes.packet(MESSAGE, SHA256))).isEqualTo(Reason.SPA_SEALED);
    assertThat(verifier.takers()).containsExactly(1, 4);
  }

  /** To a stanza without an HMAC the HMAC of another looks like a part of the message. */
  @Test
  void whereAnHmacIsRightStanzasWithoutOneHaveNoSay() {
    for (List<FwknopGpg> order : List.of(List.of(naked(), SHA256), List.of(SHA256, naked()))) {
      FwknopVerifier verifier = verifier(order.toArray(MessageSeal[]::new));
      judge(verifier, OpenPgpBytes.packet(MESSAGE, SHA256));
      assertThat(verifier.sealed()).isEqualTo(MESSAGE);
      assertThat(verifier.takers()).containsExactly(order.indexOf(SHA256));
    }
  }

  /** Or a stranger's messages would fill the memory of those that were used. */
  @Test
  void withoutAnHmacNothingIsRemembered() {
    FwknopVerifier verifier = verifier(naked());
    for (int i = 0; i < 1000; i++) {
      byte[] packet = OpenPgpBytes.packet(OpenPgpBytes.rsa(i), naked());
      assertThat(judge(verifier, packet)).isEqualTo(Reason.SPA_SEALED);
    }
    assertThat(judge(verifier, OpenPgpBytes.packet(MESSAGE, naked()))).isEqualTo(Reason.SPA_SEALED);
  }

  @Test
  void nothingElseIsHandedOver() {
    byte[] packet = OpenPgpBytes.packet(MESSAGE, SHA256);
    FwknopVerifier verifier = verifier(SHA256);
    for (int i = 0; i < packet.length; i++) {
      byte[] flipped = packet.clone();
      flipped[i] = (byte) (flipped[i] == 'A' ? 'B' : 'A');
      assertThat(judge(verifier, flipped)).as("character %d", i).isNotEqualTo(Reason.SPA_SEALED);
    }
    for (int length = 0; length < packet.length; length++) {
      byte[] cut = Arrays.copyOf(packet, length);
      assertThat(judge(verifier, cut)).as("length %d", length).isNotEqualTo(Reason.SPA_SEALED);
    }
    byte[] prefixed = ("hQ" + new String(packet, US_ASCII)).getBytes(US_ASCII);
    assertThat(judge(verifier, prefixed)).isEqualTo(Reason.SPA_FORM);
    assertThat(judge(verifier, packet)).isEqualTo(Reason.SPA_SEALED);
  }

  @Test
  void anotherSpellingOfTheLastCharacterIsRefused() {
    byte[] message = Arrays.copyOf(MESSAGE, MESSAGE.length - MESSAGE.length % 3 + 1);
    byte[] packet = OpenPgpBytes.packet(message, naked());
    packet[packet.length - 1]++;
    assertThat(judge(verifier(naked()), packet)).isEqualTo(Reason.SPA_ENCODING);
  }

  @Test
  void sourceDestinationAndExpiryComeFirst() {
    FwknopStanza stanza =
        Stanzas.with(
            SHA256,
            List.of(Prefix.parse("192.0.2.0/24")),
            List.of(),
            List.of(Stanzas.SSH),
            List.of(),
            Map.of());
    FwknopVerifier verifier = new FwknopVerifier(List.of(stanza), new ReplayWindow(64));
    assertThat(judge(verifier, OpenPgpBytes.packet(MESSAGE, SHA256))).isEqualTo(Reason.SPA_SOURCE);
  }

  @Test
  void aForgedMessageCostsNoAllocation() {
    FwknopVerifier verifier = verifier(gpg(HashKind.SHA256, "other"));
    byte[] packet = OpenPgpBytes.packet(MESSAGE, SHA256);
    int rounds = 20_000;
    long bytes = Allocated.bytes(() -> forge(verifier, packet, rounds));
    assertThat(bytes).isLessThan(rounds / 10);
  }

  private static void forge(FwknopVerifier verifier, byte[] packet, int rounds) {
    for (int i = 0; i < rounds; i++) {
      if (judge(verifier, packet) != Reason.SPA_HMAC) {
        throw new AssertionError("not refused for its HMAC");
      }
    }
  }

  private static Reason judge(FwknopVerifier verifier, byte[] payload) {
    return verifier.judge(payload, payload.length, 1, 2, 3, 4, NOW_MS);
  }

  private static FwknopVerifier verifier(MessageSeal... seals) {
    return new FwknopVerifier(Stream.of(seals).map(Stanzas::open).toList(), new ReplayWindow(64));
  }

  private static FwknopGpg gpg(HashKind kind, String hmacKey) {
    return seal(kind, Secret.ofText(hmacKey));
  }

  private static FwknopGpg naked() {
    return seal(null, null);
  }

  private static FwknopGpg seal(@Nullable HashKind kind, @Nullable Secret hmacKey) {
    return new FwknopGpg(
        KEY, null, KEY, Set.of("0123456789ABCDEF0123456789ABCDEF01234567"), kind, hmacKey);
  }
}

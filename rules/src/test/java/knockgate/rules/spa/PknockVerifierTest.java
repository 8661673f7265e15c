package knockgate.rules.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.Test;

class PknockVerifierTest {
  private static final Secret OPEN = Secret.ofText("s3cret-open");
  private static final Secret CLOSE = Secret.ofText("s3cret-close");
  private static final Prefix PEER = Prefix.parse("198.51.100.23");
  private static final Prefix PEER6 = Prefix.parse("2001:db8::17");
  private static final long NOW_MS = 1_774_074_005_300L;

  private final PknockVerifier lenient = verifier(1, false, true);

  @Test
  void openAndCloseDoNotStandInForEachOther() {
    byte[] open = message(OPEN, PEER, NOW_MS);
    byte[] close = message(CLOSE, PEER, NOW_MS);
    assertThat(lenient.open(open, 65, PEER.hi(), PEER.lo(), NOW_MS)).isEqualTo(Reason.SPA_OPENED);
    assertThat(lenient.close(close, 65, PEER.hi(), PEER.lo(), NOW_MS)).isEqualTo(Reason.SPA_CLOSED);
    assertThat(lenient.open(close, 65, PEER.hi(), PEER.lo(), NOW_MS)).isEqualTo(Reason.SPA_HMAC);
    assertThat(lenient.close(open, 65, PEER.hi(), PEER.lo(), NOW_MS)).isEqualTo(Reason.SPA_HMAC);
  }

  @Test
  void withoutACloseSecretNothingCloses() {
    PknockVerifier opensOnly = new PknockVerifier(new PknockSpa(OPEN, null, 0, true, false));
    byte[] close = message(CLOSE, PEER, NOW_MS);
    assertThat(opensOnly.close(close, 65, PEER.hi(), PEER.lo(), NOW_MS)).isEqualTo(Reason.SPA_HMAC);
  }

  @Test
  void theLastByteMayBeMissingOnlyWhereThePolicySaysSo() {
    byte[] open = message(OPEN, PEER, NOW_MS);
    assertThat(lenient.open(open, 64, PEER.hi(), PEER.lo(), NOW_MS)).isEqualTo(Reason.SPA_OPENED);
    assertThat(verifier(1, true, true).open(open, 64, PEER.hi(), PEER.lo(), NOW_MS))
        .isEqualTo(Reason.SPA_FORM);
  }

  @Test
  void everyOtherLengthIsRefused() {
    byte[] open = Arrays.copyOf(message(OPEN, PEER, NOW_MS), 1536);
    for (int length = 0; length <= open.length; length++) {
      Reason expected = length == 64 || length == 65 ? Reason.SPA_OPENED : Reason.SPA_FORM;
      assertThat(lenient.open(open, length, PEER.hi(), PEER.lo(), NOW_MS))
          .as("%d bytes", length)
          .isEqualTo(expected);
    }
  }

  @Test
  void everyFlippedBitOfTheDigitsIsRefused() {
    byte[] open = message(OPEN, PEER, NOW_MS);
    for (int bit = 0; bit < 64 * 8; bit++) {
      byte[] flipped = open.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(lenient.open(flipped, 65, PEER.hi(), PEER.lo(), NOW_MS))
          .as("bit %d", bit)
          .isIn(Reason.SPA_HMAC, Reason.SPA_FORM);
    }
  }

  @Test
  void anotherSenderCannotUseIt() {
    byte[] open = message(OPEN, PEER, NOW_MS);
    assertThat(lenient.open(open, 65, PEER.hi(), PEER.lo() + 1, NOW_MS)).isEqualTo(Reason.SPA_HMAC);
  }

  @Test
  void toleranceIsMinutesEitherSideOfOurs() {
    for (int tolerance = 0; tolerance <= PknockSpa.MAX_TOLERANCE; tolerance++) {
      for (int minutes = -7; minutes <= 7; minutes++) {
        byte[] open = message(OPEN, PEER, NOW_MS + minutes * 60_000L);
        PknockVerifier verifier = verifier(tolerance, false, true);
        boolean in = Math.abs(minutes) <= tolerance;
        assertThat(verifier.open(open, 65, PEER.hi(), PEER.lo(), NOW_MS))
            .as("clock off by %d, tolerance %d", minutes, tolerance)
            .isEqualTo(in ? Reason.SPA_OPENED : Reason.SPA_HMAC);
        if (in) {
          assertThat(verifier.minute()).isEqualTo(NOW_MS / 60_000 + minutes);
        }
      }
    }
  }

  @Test
  void ipv6IsTakenByItsExtensionOnly() {
    byte[] open = message(OPEN, PEER6, NOW_MS);
    assertThat(lenient.open(open, 65, PEER6.hi(), PEER6.lo(), NOW_MS)).isEqualTo(Reason.SPA_OPENED);
    assertThat(lenient.open(open, 65, PEER6.hi() ^ 1, PEER6.lo(), NOW_MS))
        .isEqualTo(Reason.SPA_HMAC);
    assertThat(verifier(1, false, false).open(open, 65, PEER6.hi(), PEER6.lo(), NOW_MS))
        .isEqualTo(Reason.SPA_FAMILY);
  }

  /** Computed with openssl and with Python's hmac from the published formula. */
  @Test
  void theExtensionIsThePublishedFormula() {
    assertThat(new String(message(OPEN, PEER6, NOW_MS), StandardCharsets.US_ASCII).trim())
        .isEqualTo("1b8f87e0d00c8aa8a5d6634bc176f3d289ce4e493277538b6a6fa07c804bbfa1");
  }

  private static byte[] message(Secret secret, Prefix peer, long epochMs) {
    return PknockSpa.message(secret, peer.hi(), peer.lo(), Math.floorDiv(epochMs, 1000L));
  }

  private static PknockVerifier verifier(int tolerance, boolean lastByte, boolean pknock6) {
    return new PknockVerifier(new PknockSpa(OPEN, CLOSE, tolerance, lastByte, pknock6));
  }
}

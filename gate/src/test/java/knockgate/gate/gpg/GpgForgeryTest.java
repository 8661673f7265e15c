package knockgate.gate.gpg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.Test;

/** What gets through to the library where a stanza takes messages without an HMAC. */
class GpgForgeryTest {
  private static final Set<Reason> REFUSED =
      EnumSet.of(
          Reason.SPA_FORM,
          Reason.SPA_ENCODING,
          Reason.SPA_CIPHER,
          Reason.SPA_SIGNER,
          Reason.SPA_DIGEST,
          Reason.SPA_FIELDS);

  @Test
  void noAlteredMessageOpens() {
    for (GpgVector vector : naked()) {
      GpgGate gate = gate(vector);
      byte[] message = decoded(vector);
      SplittableRandom random = new SplittableRandom(11);
      // what stands before it is not sent
      for (int i = 2; i < message.length; i += 1 + random.nextInt(8)) {
        byte[] flipped = message.clone();
        flipped[i] ^= (byte) (1 << random.nextInt(8));
        assertRefused(gate, flipped, vector + ", octet " + i);
      }
      for (int length = 105; length < message.length; length += 1 + random.nextInt(9)) {
        byte[] cut = Arrays.copyOf(message, length);
        assertRefused(gate, cut, vector + ", length " + length);
      }
      assertThat(gate.send(vector.body())).isEqualTo(Reason.SPA_OPENED);
    }
  }

  @Test
  void noiseBehindASessionKeyDoesNotDisturb() {
    for (GpgVector vector : naked()) {
      GpgGate gate = gate(vector);
      byte[] message = decoded(vector);
      SplittableRandom seeds = new SplittableRandom(0x6770670aL);
      for (int round = 0; round < 300; round++) {
        long seed = seeds.nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] noisy = message.clone();
        int from = 20 + random.nextInt(message.length - 20);
        for (int i = from; i < noisy.length; i++) {
          noisy[i] = (byte) random.nextInt();
        }
        assertRefused(gate, noisy, vector + ", seed " + seed);
      }
    }
  }

  private static void assertRefused(GpgGate gate, byte[] message, String what) {
    String text = Base64.getEncoder().withoutPadding().encodeToString(message).substring(2);
    Reason reason = gate.send(text);
    assertThat(reason == null || REFUSED.contains(reason)).as("%s: %s", what, reason).isTrue();
  }

  /** One of each kind of key, to a stanza that takes it without its HMAC. */
  private static List<GpgVector> naked() {
    List<GpgVector> signed =
        GpgVector.shipped().stream()
            .filter(v -> v.isSigned() && v.field("message_type").equals("1"))
            .filter(v -> v.fieldOrNull("nat_access") == null)
            .toList();
    return signed.stream()
        .filter(
            v ->
                signed.stream().filter(o -> o.prefix().equals(v.prefix())).findFirst().orElseThrow()
                    == v)
        .toList();
  }

  private static GpgGate gate(GpgVector vector) {
    String stanza = GpgGate.stanza(vector, vector.signer());
    String open =
        stanza.replaceFirst("hmac = [^,]*, hmac-key-base64 = \"[^\"]*\"", "insecure = true");
    return new GpgGate("a " + open, vector.epochMs());
  }

  private static byte[] decoded(GpgVector vector) {
    return Base64.getDecoder().decode(vector.prefix() + vector.body());
  }
}

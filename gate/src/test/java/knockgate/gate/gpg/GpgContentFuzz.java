package knockgate.gate.gpg;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.Set;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.GpgOpened;
import knockgate.rules.spa.Secret;

/** Any packets inside a message that does decrypt: no exception, and nothing that opens. */
class GpgContentFuzz {
  /** Of elliptic curves: they cost less. */
  private static final GpgVector VECTOR =
      GpgVector.shipped().stream()
          .filter(vector -> vector.isSigned() && vector.prefix().equals("hF"))
          .findFirst()
          .orElseThrow();

  private static final GpgKeys KEYS =
      GpgKeys.of(
          new FwknopGpg(
              Secret.ofText(VECTOR.secretKey()),
              null,
              Secret.ofText(VECTOR.signerKey()),
              Set.of("0123456789ABCDEF0123456789ABCDEF01234567"),
              null,
              null));

  private final Encryption encryption;

  GpgContentFuzz() throws IOException {
    encryption = new Encryption(VECTOR.secretKey(), VECTOR.epochMs());
  }

  @FuzzTest
  void nothingOpens(byte[] packets) {
    GpgOpened opened = KEYS.open(encryption.of(packets), VECTOR.epochMs());
    if (opened.refusal() == null) {
      throw new AssertionError("signed by somebody who has no key here");
    }
  }
}

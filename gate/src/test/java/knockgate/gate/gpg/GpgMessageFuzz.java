package knockgate.gate.gpg;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Set;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.GpgOpened;
import knockgate.rules.spa.Secret;

/** Any bytes are refused by the OpenPGP library's reader: no exception, nothing that opens. */
class GpgMessageFuzz {
  /** Of elliptic curves: a guess costs less. */
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

  @FuzzTest
  void nothingOpens(byte[] message) {
    GpgOpened opened = KEYS.open(message, VECTOR.epochMs());
    if (opened.refusal() == null) {
      throw new AssertionError("signed by somebody who has no key here");
    }
  }
}

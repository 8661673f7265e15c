package knockgate.gate.gpg;

import java.io.IOException;
import java.util.Set;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.GpgOpened;
import knockgate.rules.spa.Secret;

/** A gate that asks for the signature of somebody who has no key: no message opens it. */
final class NobodysMessages {
  private static final String NOBODY = "0123456789ABCDEF0123456789ABCDEF01234567";

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
              Set.of(NOBODY),
              null,
              null));

  private NobodysMessages() {}

  /** What makes messages that the gate can decrypt. */
  static Encryption encryption() throws IOException {
    return new Encryption(VECTOR.secretKey(), VECTOR.epochMs());
  }

  /** Fails when a message opens. */
  static void offer(byte[] message) {
    GpgOpened opened = KEYS.open(message, VECTOR.epochMs());
    if (opened.refusal() == null) {
      throw new AssertionError("signed by somebody who has no key here");
    }
  }
}

package knockgate.rules.spa;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Set;
import knockgate.rules.words.Reason;

/** No payload opens without the keys, in either mode, with an HMAC and without one. */
class FwknopFuzz {
  private static final Secret KEY = Secret.ofText("a secret");
  private static final FwknopVerifier WITH_HMAC =
      verifier(
          new FwknopKeys(CipherMode.CBC, KEY, HashKind.SHA256, KEY),
          new FwknopGpg(KEY, null, null, Set.of(), HashKind.SHA512, KEY));
  private static final FwknopVerifier WITHOUT =
      verifier(
          new FwknopKeys(CipherMode.LEGACY, KEY, null, null),
          new FwknopGpg(KEY, null, KEY, Set.of("0".repeat(40)), null, null));

  @FuzzTest
  void nothingOpens(byte[] payload) {
    Reason sealed = judge(WITH_HMAC, payload);
    Reason naked = judge(WITHOUT, payload);
    boolean forged = sealed == Reason.SPA_OPENED || sealed == Reason.SPA_SEALED;
    if (forged || naked == Reason.SPA_OPENED) {
      throw new AssertionError("it opened");
    }
    if (naked == Reason.SPA_SEALED && WITHOUT.takers().length != 1) {
      throw new AssertionError("sealed for nobody");
    }
  }

  private static Reason judge(FwknopVerifier verifier, byte[] payload) {
    verifier.hasForm(payload, payload.length);
    return verifier.judge(payload, payload.length, 1, 2, 3, 4, 1_795_332_556_000L);
  }

  private static FwknopVerifier verifier(MessageSeal... seals) {
    List<FwknopStanza> stanzas = List.of(seals).stream().map(Stanzas::open).toList();
    return new FwknopVerifier(stanzas, new ReplayWindow(64));
  }
}

package knockgate.rules.spa;

import com.code_intelligence.jazzer.junit.FuzzTest;
import knockgate.rules.words.Reason;

/** No payload opens or closes without the secret. */
class PknockFuzz {
  private static final PknockSpa SPA =
      new PknockSpa(Secret.ofText("a secret"), Secret.ofText("another"), 1, false, true);

  private final PknockVerifier verifier = new PknockVerifier(SPA);

  @FuzzTest
  void nothingOpens(byte[] payload) {
    long epochMs = 1_700_000_000_000L;
    verifier.hasForm(payload, payload.length);
    Reason open = verifier.open(payload, payload.length, 0, 0xffff_0a00_0001L, epochMs);
    Reason close = verifier.close(payload, payload.length, 0, 0xffff_0a00_0001L, epochMs);
    if (open == Reason.SPA_OPENED || close == Reason.SPA_CLOSED) {
      throw new AssertionError("a forged HMAC of 256 bits");
    }
  }
}

package knockgate.rules.spa;

import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/** What came out of an OpenPGP message: its text and who signed it, or why nothing did. */
public final class GpgOpened {
  private final @Nullable Reason refusal;
  private final byte[] plain;
  private final @Nullable String signer;

  private GpgOpened(@Nullable Reason refusal, byte[] plain, @Nullable String signer) {
    this.refusal = refusal;
    this.plain = plain;
    this.signer = signer;
  }

  /** Nothing, because of {@link Reason#SPA_CIPHER} or {@link Reason#SPA_SIGNER}. */
  public static GpgOpened refused(Reason refusal) {
    return new GpgOpened(refusal, new byte[0], null);
  }

  /**
   * A text.
   *
   * @param plain not changed by anybody from now on
   * @param signer fingerprint of the key that signed it, of the required ones; null = nobody had to
   */
  public static GpgOpened of(byte[] plain, @Nullable String signer) {
    return new GpgOpened(null, plain, signer);
  }

  /** Why there is no text; null = there is. */
  public @Nullable Reason refusal() {
    return refusal;
  }

  /** The text; empty where it was refused. */
  public byte[] plain() {
    return plain;
  }

  /** Fingerprint of the key that signed it; null = nobody had to. */
  public @Nullable String signer() {
    return signer;
  }
}

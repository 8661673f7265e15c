package knockgate.rules.spa;

import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Judges payloads by one {@link PknockSpa}. Owned by one lane's thread; allocates nothing. A forged
 * message costs at most one HMAC for each minute of the tolerance's span.
 *
 * <p>This answers only whether the sender knew the secret in that minute. That a message counts
 * once, and that a peer opens once a minute, is for the caller and its {@link ReplayWindow}: the
 * module looks at the close secret only while the door is open, and at the open secret only while
 * it is shut, so a message that comes at the wrong time must not be used up.
 */
public final class PknockVerifier {
  private final PknockSpa spa;
  private final Hmac open;
  private final @Nullable Hmac close;
  private final byte[] claimed = new byte[HashKind.SHA256.length()];
  private final byte[] computed = new byte[HashKind.SHA256.length()];
  private final byte[] text = new byte[PknockSpa.TEXT_V6];
  private long minute;

  public PknockVerifier(PknockSpa spa) {
    this.spa = spa;
    open = new Hmac(HashKind.SHA256, spa.open());
    Secret closing = spa.close();
    close = closing == null ? null : new Hmac(HashKind.SHA256, closing);
  }

  /**
   * Whether a payload is the open message of this sender.
   *
   * @param payload not changed
   * @param length bytes of it that count
   * @param hi the packet's source, first 64 bits
   * @param lo its last 64 bits
   * @param epochMs the wall clock, milliseconds since 1970
   * @return {@link Reason#SPA_OPENED} when it is, and otherwise why not
   */
  public Reason open(byte[] payload, int length, long hi, long lo, long epochMs) {
    return verify(open, Reason.SPA_OPENED, payload, length, hi, lo, epochMs);
  }

  /** The same for the close message: {@link Reason#SPA_CLOSED} when it is one. */
  public Reason close(byte[] payload, int length, long hi, long lo, long epochMs) {
    return close == null
        ? Reason.SPA_HMAC
        : verify(close, Reason.SPA_CLOSED, payload, length, hi, lo, epochMs);
  }

  /** Whether a payload looks like a message: as many digits as an HMAC has, and one byte more. */
  public boolean hasForm(byte[] payload, int length) {
    boolean digitsOnly = length == PknockSpa.DIGITS && !spa.lastByte();
    return (length == PknockSpa.DIGITS + 1 || digitsOnly) && readDigits(payload);
  }

  /** About how long one call of {@link #open} or {@link #close} takes at most, nanoseconds. */
  public long costNs() {
    return (2 * spa.tolerance() + 1) * open.costNs(PknockSpa.TEXT_V6);
  }

  /** The minute since 1970 for which the last good message was made. */
  public long minute() {
    return minute;
  }

  private Reason verify(
      Hmac hmac, Reason good, byte[] payload, int length, long hi, long lo, long epochMs) {
    if (!hasForm(payload, length)) {
      return Reason.SPA_FORM;
    }
    if (!spa.pknock6() && !Prefix.isV4(hi, lo)) {
      return Reason.SPA_FAMILY;
    }
    long now = Math.floorDiv(epochMs, 60_000L);
    for (long candidate = now - spa.tolerance(); candidate <= now + spa.tolerance(); candidate++) {
      hmac.update(text, 0, PknockSpa.text(hi, lo, candidate, text));
      hmac.finish(computed, 0);
      if (Hmac.equal(computed, 0, claimed, 0, claimed.length)) {
        minute = candidate;
        return good;
      }
    }
    return Reason.SPA_HMAC;
  }

  /** Lower case only: the module compares text, and one message must have one spelling. */
  private boolean readDigits(byte[] payload) {
    int bad = 0;
    for (int i = 0; i < claimed.length; i++) {
      int high = digit(payload[2 * i]);
      int low = digit(payload[2 * i + 1]);
      bad |= high | low;
      claimed[i] = (byte) (high << 4 | low);
    }
    return bad >= 0;
  }

  private static int digit(byte character) {
    if (character >= '0' && character <= '9') {
      return character - '0';
    }
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
  }
}

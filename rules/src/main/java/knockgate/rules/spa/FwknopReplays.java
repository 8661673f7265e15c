package knockgate.rules.spa;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Uses messages up: each counts once, at whichever door, in whichever spelling. Owned by one
 * thread; the window behind it is shared.
 */
public final class FwknopReplays {
  /**
   * Longer than any stanza's age, which counts whole seconds: so no stanza of another door takes
   * what was used at this one.
   */
  private static final Duration REMEMBERED = FwknopStanza.MAX_AGE.plusSeconds(1);

  private static final byte[] SEALED_LABEL =
      "knockgate/replay/fwknop-gpg".getBytes(StandardCharsets.US_ASCII);

  private final ReplayWindow window;
  private final MessageDigest sha256 = HashKind.SHA256.digest();

  /** Over a window that others may share. */
  public FwknopReplays(ReplayWindow window) {
    this.window = window;
  }

  /**
   * Uses up an authentic message, until its time is over; one whose time has not come, too. Too old
   * for any stanza, it needs no room.
   *
   * @param salt holds the cipher's salt
   * @param offset where it begins
   * @param length its bytes; 0 where the cipher has none
   * @return null = it was not used before
   */
  public @Nullable Reason useUp(
      FwknopMessage message, byte[] salt, int offset, int length, long epochMs) {
    long key = message.replayKey(sha256, salt, offset, length);
    long endMs = message.timestamp() * 1000 + REMEMBERED.toMillis();
    return endMs <= epochMs ? null : useUp(key, endMs, epochMs);
  }

  /**
   * Uses up a message that is not yet decrypted, so that a captured one is decrypted once. Its
   * clock is not known: it may be ahead of ours by as much as it may be behind.
   *
   * @param sealed the decoded bytes
   * @param length bytes of it that count
   * @return null = it was not used before
   */
  @Nullable Reason useUpSealed(byte[] sealed, int length, long epochMs) {
    sha256.update(SEALED_LABEL);
    sha256.update(sealed, 0, length);
    long key = ByteBuffer.wrap(sha256.digest()).getLong();
    return useUp(key, epochMs + 2 * REMEMBERED.toMillis(), epochMs);
  }

  private @Nullable Reason useUp(long key, long endMs, long epochMs) {
    return switch (window.admit(key, endMs, epochMs)) {
      case FRESH -> null;
      case SEEN -> Reason.SPA_REPLAY;
      case FULL -> Reason.SPA_REPLAY_FULL;
    };
  }
}

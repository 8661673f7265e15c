package knockgate.rules.spa;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The decoded fields of an fwknop message, protocol 3.0.0 (specs, fwknop-spa.md, 1).
 *
 * <pre>
 *   random ":" user ":" seconds ":" version ":" type ":" message [":" NAT] [":" auth] [":" time-out]
 *   ":" digest of all before this colon       user, message, NAT, auth, digest: base64, no padding
 * </pre>
 *
 * @param random 16 decimal digits
 * @param user who the sender says to be
 * @param timestamp the sender's clock, seconds since 1970
 * @param version {@code 3.0.0}; not compared
 * @param type what is asked for
 * @param message {@code ADDRESS,proto/port[,...]} or {@code ADDRESS,command}
 * @param nat {@code HOST,PORT}; null where the type has none
 * @param serverAuth a method and a password, which no present server looks at; null = not sent
 * @param timeout seconds that the sender wants; 0 = not sent
 * @param digest the kind of the digest inside
 */
public record FwknopMessage(
    String random,
    String user,
    long timestamp,
    String version,
    FwknopType type,
    String message,
    @Nullable String nat,
    @Nullable String serverAuth,
    int timeout,
    HashKind digest) {
  /** The version that this gate and fwknop 2 write. */
  public static final String VERSION = "3.0.0";

  static final int RANDOM_DIGITS = 16;

  private static final byte[] REPLAY_LABEL =
      "knockgate/replay/fwknop".getBytes(StandardCharsets.US_ASCII);

  /** Without {@code serverAuth}, which is a password. */
  @Override
  public String toString() {
    return user + " asks at " + timestamp + " for " + type + ' ' + message + " timeout " + timeout;
  }

  /** The text that is encrypted, with its digest. */
  String text() {
    StringBuilder text = new StringBuilder(256);
    text.append(random).append(':').append(base64(user)).append(':').append(timestamp);
    text.append(':').append(version).append(':').append(type.number());
    text.append(':').append(base64(message));
    if (nat != null) {
      text.append(':').append(base64(nat));
    }
    if (serverAuth != null) {
      text.append(':').append(base64(serverAuth));
    }
    if (type.hasTimeout()) {
      text.append(':').append(timeout);
    }
    byte[] hash = digest.digest().digest(text.toString().getBytes(StandardCharsets.US_ASCII));
    return text.append(':').append(Base64Text.encode(hash)).toString();
  }

  /**
   * What makes this message one of a kind, for the replay window: of the decoded bytes, so that
   * another spelling is no other message.
   *
   * @param salt holds the cipher's salt
   * @param offset where the salt begins
   * @param length its bytes; 0 where the cipher has none
   */
  long replayKey(MessageDigest sha256, byte[] salt, int offset, int length) {
    sha256.update(REPLAY_LABEL);
    sha256.update(salt, offset, length);
    byte[] hash =
        sha256.digest((random + ':' + user + ':' + timestamp).getBytes(StandardCharsets.UTF_8));
    long key = 0;
    for (int i = 0; i < 8; i++) {
      key = key << 8 | (hash[i] & 255);
    }
    return key;
  }

  private static String base64(String text) {
    return Base64Text.encode(text.getBytes(StandardCharsets.UTF_8));
  }
}

package knockgate.rules.spa;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Reads the decrypted text of an fwknop message; the limits are those of the real receiver (specs,
 * fwknop-spa.md, 1). Owned by one thread. Never throws, whatever the bytes are.
 */
public final class FwknopReader {
  private static final int MAX_USER = 64;
  private static final int MAX_VERSION = 8;
  private static final int MAX_MESSAGE = 256;
  private static final int MAX_TIMEOUT = 65536;
  private static final int FIELDS = 6;

  private static final Pattern TIMESTAMP = Pattern.compile("\\d{1,12}");
  private static final Pattern TIMEOUT = Pattern.compile("\\d{1,5}");
  private static final Pattern USER = Pattern.compile("[\\x20-\\x7e&&[^\"/\\\\\\[\\]:;|=,+*?<>]]+");

  private @Nullable FwknopMessage message;

  /**
   * Reads a text.
   *
   * @param length bytes of it that count
   * @return null when {@link #message} holds it; otherwise the first thing that is wrong: {@link
   *     Reason#SPA_CIPHER}, {@link Reason#SPA_DIGEST} or {@link Reason#SPA_FIELDS}
   */
  public @Nullable Reason read(byte[] plain, int length) {
    message = null;
    if (!beginsWithDigits(plain, length)) {
      return Reason.SPA_CIPHER;
    }
    int lastColon = length - 1;
    while (plain[lastColon] != ':') {
      lastColon--;
    }
    HashKind digest = digestKind(plain, lastColon, length);
    if (digest == null) {
      return Reason.SPA_DIGEST;
    }
    String[] fields = new String(plain, 0, lastColon, ISO_8859_1).split(":", -1);
    message = fields(fields, digest);
    return message == null ? Reason.SPA_FIELDS : null;
  }

  /** The message of the last {@link #read} that returned null. */
  public FwknopMessage message() {
    if (message == null) {
      throw new IllegalStateException("no message was read");
    }
    return message;
  }

  /** Whether a receiver takes that name of a user. */
  public static boolean takesUser(String user) {
    return USER.matcher(user).matches()
        && Base64Text.encodedLength(user.getBytes(StandardCharsets.UTF_8).length) <= MAX_USER;
  }

  /** Whether a receiver takes that text of a request. */
  public static boolean takesMessage(String text) {
    return FwknopAccess.parse(text) != null
        && Base64Text.encodedLength(text.getBytes(StandardCharsets.UTF_8).length) <= MAX_MESSAGE;
  }

  /** A wrong key that happens to leave a valid padding shows here. */
  private static boolean beginsWithDigits(byte[] plain, int length) {
    if (length <= FwknopMessage.RANDOM_DIGITS || plain[FwknopMessage.RANDOM_DIGITS] != ':') {
      return false;
    }
    for (int i = 0; i < FwknopMessage.RANDOM_DIGITS; i++) {
      if (plain[i] < '0' || plain[i] > '9') {
        return false;
      }
    }
    return true;
  }

  /** The kind whose digest of all before the last colon stands behind it; null = none. */
  private static @Nullable HashKind digestKind(byte[] plain, int lastColon, int length) {
    byte[] text = new byte[length - lastColon - 1];
    for (HashKind kind : HashKind.values()) {
      if (kind.textLength() != text.length) {
        continue;
      }
      MessageDigest digest = kind.digest();
      digest.update(plain, 0, lastColon);
      byte[] computed = digest.digest();
      Base64Text.encode(computed, 0, computed.length, text, 0);
      if (Hmac.equal(text, 0, plain, lastColon + 1, text.length)) {
        return kind;
      }
    }
    return null;
  }

  private static @Nullable FwknopMessage fields(String[] fields, HashKind digest) {
    if (fields.length < FIELDS) {
      return null;
    }
    String user = fields[1].length() > MAX_USER ? null : decode(fields[1]);
    FwknopType type = FwknopType.of(fields[4]);
    String text = fields[5].length() > MAX_MESSAGE ? null : decode(fields[5]);
    if (user == null
        || !USER.matcher(user).matches()
        || !TIMESTAMP.matcher(fields[2]).matches()
        || !isVersion(fields[3])
        || type == null
        || text == null) {
      return null;
    }
    boolean textFits =
        type == FwknopType.COMMAND
            ? FwknopAccess.isCommand(text)
            : FwknopAccess.parse(text) != null;
    return textFits ? rest(fields, user, type, text, digest) : null;
  }

  /** The optional fields: [NAT] [server auth] [time-out], the middle one free in every type. */
  private static @Nullable FwknopMessage rest(
      String[] fields, String user, FwknopType type, String text, HashKind digest) {
    int next = FIELDS;
    int end = fields.length - (type.hasTimeout() ? 1 : 0);
    String nat = null;
    if (type.hasNat()) {
      nat = next < end ? decode(fields[next++]) : null;
      if (nat == null || !FwknopAccess.isNat(nat)) {
        return null;
      }
    }
    String auth = null;
    if (next < end) {
      auth = decode(fields[next++]);
      if (auth == null) {
        return null;
      }
    }
    int timeout = 0;
    if (type.hasTimeout() && next == end) {
      timeout = TIMEOUT.matcher(fields[end]).matches() ? Integer.parseInt(fields[end]) : -1;
    }
    if (next != end || timeout < 0 || timeout > MAX_TIMEOUT) {
      return null;
    }
    return new FwknopMessage(
        fields[0],
        user,
        Long.parseLong(fields[2]),
        fields[3],
        type,
        text,
        nat,
        auth,
        timeout,
        digest);
  }

  private static boolean isVersion(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_VERSION
        && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }

  /**
   * The text behind canonical base64; null where it is empty, not UTF-8 or has control characters.
   */
  private static @Nullable String decode(String field) {
    byte[] encoded = field.getBytes(ISO_8859_1);
    byte[] bytes = new byte[Base64Text.decodedLength(encoded.length)];
    int length = Base64Text.decode(encoded, 0, encoded.length, bytes);
    if (length <= 0) {
      return null;
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
      return text.chars().anyMatch(Character::isISOControl) ? null : text;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}

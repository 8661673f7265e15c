package knockgate.rules.spa;

import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import knockgate.rules.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Judges payloads by the fwknop stanzas of one port, from the first to the last; the first that
 * passes wins. Owned by one lane's thread. Never throws, whatever the payload is.
 *
 * <p>What a forged message costs: one HMAC for each stanza that takes its source, destination and
 * length, and no allocation. Decoding, decryption and all the rest happen behind a right HMAC,
 * except for stanzas that take messages without one.
 */
public final class FwknopVerifier {
  /** Longer than any stanza's age, so no stanza of another door takes what was used at this one. */
  private static final Duration REMEMBERED = FwknopStanza.MAX_AGE;

  private static final int NONE = -1;

  private final FwknopStanza[] stanzas;
  private final @Nullable Hmac[] hmacs;
  private final ReplayWindow replays;
  private final SaltedCipher cipher = new SaltedCipher();
  private final FwknopReader reader = new FwknopReader();
  private final FwknopJudge judge = new FwknopJudge();
  private final MessageDigest sha256 = HashKind.SHA256.digest();
  private final byte[] mac = new byte[HashKind.MAX_LENGTH];
  private final byte[] macText = new byte[Base64Text.encodedLength(HashKind.MAX_LENGTH)];
  private final byte[] body = new byte[FwknopWire.PREFIX.length + FwknopWire.MAX_PAYLOAD];
  private final byte[] salted = new byte[Base64Text.decodedLength(body.length)];
  private final byte[] plain = new byte[salted.length];

  private int stanza;
  private @Nullable FwknopMessage message;
  private long clockDifferenceMs;

  /**
   * @param stanzas in the order of the policy
   * @param replays what was accepted; shared by all verifiers of all lanes
   */
  public FwknopVerifier(List<FwknopStanza> stanzas, ReplayWindow replays) {
    this.stanzas = stanzas.toArray(FwknopStanza[]::new);
    this.replays = replays;
    hmacs = new Hmac[this.stanzas.length];
    for (int i = 0; i < hmacs.length; i++) {
      hmacs[i] = this.stanzas[i].keys().newHmac();
    }
    System.arraycopy(FwknopWire.PREFIX, 0, body, 0, FwknopWire.PREFIX.length);
  }

  /** Whether a payload looks like a message to any stanza: base64 of whole cipher blocks. */
  public boolean hasForm(byte[] payload, int length) {
    if (length < FwknopWire.MIN_PAYLOAD || length > FwknopWire.MAX_PAYLOAD) {
      return false;
    }
    boolean fits = FwknopWire.beginsWithPrefix(payload);
    for (int i = 0; i < stanzas.length && !fits; i++) {
      fits = FwknopWire.isWholeBlocks(length - stanzas[i].keys().hmacTextLength());
    }
    return fits && Base64Text.isAlphabet(payload, length);
  }

  /** Most HMACs that one call of {@link #judge} computes. */
  public int cost() {
    return stanzas.length;
  }

  /**
   * Judges one payload.
   *
   * @param payload not changed
   * @param length bytes of it that count
   * @param srcHi the packet's source, first 64 bits, as {@link knockgate.rules.Prefix} has it
   * @param srcLo its last 64 bits
   * @param dstHi the packet's destination
   * @param dstLo its last 64 bits
   * @param epochMs the wall clock, milliseconds since 1970
   * @return {@link Reason#SPA_OPENED} when {@link #request} holds what to grant; otherwise the
   *     reason of the stanza where the message came furthest
   */
  public Reason judge(
      byte[] payload, int length, long srcHi, long srcLo, long dstHi, long dstLo, long epochMs) {
    stanza = NONE;
    message = null;
    clockDifferenceMs = 0;
    if (length < FwknopWire.MIN_PAYLOAD || length > FwknopWire.MAX_PAYLOAD) {
      return Reason.SPA_FORM;
    }
    if (FwknopWire.beginsWithPrefix(payload)) {
      return Reason.SPA_PREFIX;
    }
    Reason furthest = Reason.SPA_FORM;
    boolean fresh = false;
    for (int i = 0; i < stanzas.length; i++) {
      FwknopStanza candidate = stanzas[i];
      Reason reason = open(i, payload, length, srcHi, srcLo, dstHi, dstLo, epochMs);
      if (reason == null) {
        message = reader.message();
        clockDifferenceMs = FwknopJudge.clockDifferenceMs(message, epochMs);
        reason = Reason.SPA_CLOCK;
        if (FwknopJudge.isInTime(candidate, message, epochMs)) {
          // Once for each packet, not for each stanza: the second stanza must not call it a replay.
          Reason replay = fresh ? null : useUp(message, epochMs);
          if (replay != null) {
            stanza = i;
            return replay;
          }
          fresh = true;
          reason = judge.judge(candidate, message, srcHi, srcLo);
        }
      }
      if (reason.compareTo(furthest) >= 0) {
        furthest = reason;
        stanza = i;
      }
      if (reason == Reason.SPA_OPENED) {
        return reason;
      }
    }
    return furthest;
  }

  /** What the last payload that was judged good asks for. */
  public FwknopRequest request() {
    return judge.request();
  }

  /** Place of the stanza that the last reason is about; -1 where it came to none. */
  public int stanza() {
    return stanza;
  }

  /** The last payload's message, where it was authentic; null otherwise. */
  public @Nullable FwknopMessage message() {
    return message;
  }

  /** How far that message's clock is ahead of ours, milliseconds; 0 without a message. */
  public long clockDifferenceMs() {
    return clockDifferenceMs;
  }

  /** From payload to message, cheapest check first. Null = {@link #reader} has the message. */
  private @Nullable Reason open(
      int index,
      byte[] payload,
      int length,
      long srcHi,
      long srcLo,
      long dstHi,
      long dstLo,
      long epochMs) {
    FwknopStanza candidate = stanzas[index];
    FwknopKeys keys = candidate.keys();
    int bodyLength = length - keys.hmacTextLength();
    if (!FwknopWire.isWholeBlocks(bodyLength)) {
      return Reason.SPA_FORM;
    }
    if (!candidate.takesFrom(srcHi, srcLo)) {
      return Reason.SPA_SOURCE;
    }
    if (!candidate.takesFor(dstHi, dstLo)) {
      return Reason.SPA_DESTINATION;
    }
    if (candidate.hasExpired(epochMs)) {
      return Reason.SPA_STANZA_EXPIRED;
    }
    Hmac hmac = hmacs[index];
    if (hmac != null && !isSealed(hmac, payload, bodyLength)) {
      return Reason.SPA_HMAC;
    }
    System.arraycopy(payload, 0, body, FwknopWire.PREFIX.length, bodyLength);
    int bytes = Base64Text.decode(body, 0, FwknopWire.PREFIX.length + bodyLength, salted);
    if (bytes < 0) {
      return Reason.SPA_ENCODING;
    }
    int text = cipher.decrypt(keys.mode(), keys.key(), salted, bytes, plain);
    return text < 0 ? Reason.SPA_CIPHER : reader.read(plain, text);
  }

  /** Compares text with text: so the HMAC too has one spelling only. */
  private boolean isSealed(Hmac hmac, byte[] payload, int bodyLength) {
    hmac.update(FwknopWire.PREFIX, 0, FwknopWire.PREFIX.length);
    hmac.update(payload, 0, bodyLength);
    hmac.finish(mac, 0);
    int length = Base64Text.encode(mac, 0, hmac.length(), macText, 0);
    return Hmac.equal(payload, bodyLength, macText, 0, length);
  }

  /** Null = it was not used before. */
  private @Nullable Reason useUp(FwknopMessage authentic, long epochMs) {
    int salt = SaltedCipher.HEADER - SaltedCipher.SALT;
    long key = authentic.replayKey(sha256, salted, salt, SaltedCipher.SALT);
    long endMs = authentic.timestamp() * 1000 + REMEMBERED.toMillis();
    return switch (replays.admit(key, endMs, epochMs)) {
      case FRESH -> null;
      case SEEN -> Reason.SPA_REPLAY;
      case FULL -> Reason.SPA_REPLAY_FULL;
    };
  }
}

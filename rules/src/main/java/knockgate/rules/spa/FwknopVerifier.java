package knockgate.rules.spa;

import java.util.Arrays;
import java.util.List;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Judges payloads by the fwknop stanzas of one port, from the first to the last; the first that
 * passes wins. Owned by one lane's thread. Never throws, whatever the payload is.
 *
 * <p>What a forged message costs: one HMAC for each stanza that takes its source, destination and
 * length, and no allocation. Decoding, decryption and all the rest happen behind a right HMAC,
 * except for stanzas that take messages without one.
 *
 * <p>A message in GPG mode is not opened here: decryption takes milliseconds. It is recognised,
 * checked by its HMAC, and handed over with all stanzas that may take it ({@link #sealed}).
 */
public final class FwknopVerifier {
  private static final int NONE = -1;

  /** What a stanza without HMAC spends on any message: decoding and decrypting it, measured. */
  private static final long OPENING_NS = 5_000;

  private final FwknopStanza[] stanzas;
  private final @Nullable Hmac[] hmacs;
  private final FwknopReplays replays;
  private final FwknopEnvelope envelope = new FwknopEnvelope();
  private final SaltedCipher cipher = new SaltedCipher();
  private final FwknopReader reader = new FwknopReader();
  private final FwknopJudge judge = new FwknopJudge();
  private final byte[] plain = new byte[FwknopWire.MAX_PAYLOAD];

  /** Stanzas in GPG mode that may take the message, how many, and where its HMAC begins. */
  private final int[] takers;

  private int takerCount;
  private int takersBody;

  private int stanza;
  private @Nullable FwknopMessage message;
  private long clockDifferenceMs;
  private byte @Nullable [] sealed;

  /** Whether the present payload's message was used up; the first stanza to read it does that. */
  private boolean usedUp;

  /**
   * @param stanzas in the order of the policy
   * @param replays what was accepted; shared by all verifiers of all lanes
   */
  public FwknopVerifier(List<FwknopStanza> stanzas, ReplayWindow replays) {
    this.stanzas = stanzas.toArray(FwknopStanza[]::new);
    this.replays = new FwknopReplays(replays);
    takers = new int[this.stanzas.length];
    hmacs = new Hmac[this.stanzas.length];
    for (int i = 0; i < hmacs.length; i++) {
      hmacs[i] = Hmac.of(this.stanzas[i].keys());
    }
  }

  /**
   * Whether a payload looks like a message to any stanza: base64 of whole cipher blocks, or of an
   * OpenPGP message that begins with a session-key packet.
   */
  public boolean hasForm(byte[] payload, int length) {
    if (length < FwknopWire.MIN_PAYLOAD || length > FwknopWire.MAX_PAYLOAD) {
      return false;
    }
    boolean fits = FwknopWire.beginsWithPrefix(payload);
    for (int i = 0; i < stanzas.length && !fits; i++) {
      MessageSeal seal = stanzas[i].keys();
      fits = FwknopEnvelope.fits(seal, payload, length - Hmac.textLength(seal));
    }
    return fits && Base64Text.isAlphabet(payload, length);
  }

  /** About how long {@link #judge} takes at most for a forged message, nanoseconds. */
  public long costNs(int length) {
    long sum = 0;
    for (Hmac hmac : hmacs) {
      sum += hmac == null ? OPENING_NS : hmac.costNs(length);
    }
    return sum;
  }

  /**
   * Judges one payload.
   *
   * @param payload not changed
   * @param length bytes of it that count
   * @param srcHi the packet's source, first 64 bits, as {@link knockgate.rules.words.Prefix} has it
   * @param srcLo its last 64 bits
   * @param dstHi the packet's destination
   * @param dstLo its last 64 bits
   * @param epochMs the wall clock, milliseconds since 1970
   * @return {@link Reason#SPA_OPENED} when {@link #request} holds what to grant; {@link
   *     Reason#SPA_SEALED} when {@link #sealed} holds what to decrypt; otherwise the reason of the
   *     stanza where the message came furthest
   */
  public Reason judge(
      byte[] payload, int length, long srcHi, long srcLo, long dstHi, long dstLo, long epochMs) {
    stanza = NONE;
    message = null;
    clockDifferenceMs = 0;
    sealed = null;
    takerCount = 0;
    usedUp = false;
    if (length < FwknopWire.MIN_PAYLOAD || length > FwknopWire.MAX_PAYLOAD) {
      return Reason.SPA_FORM;
    }
    if (FwknopWire.beginsWithPrefix(payload)) {
      return Reason.SPA_PREFIX;
    }
    Reason furthest = Reason.SPA_FORM;
    for (int i = 0; i < stanzas.length; i++) {
      Reason reason = open(i, payload, length, srcHi, srcLo, dstHi, dstLo, epochMs);
      if (reason == null) {
        reason = judgeAuthentic(stanzas[i], srcHi, srcLo, epochMs);
      }
      boolean last = isLastWord(reason);
      if (last || reason.compareTo(furthest) >= 0) {
        furthest = reason;
        stanza = i;
      }
      if (last) {
        return reason;
      }
    }
    return furthest == Reason.SPA_SEALED ? takeSealed(payload, epochMs) : furthest;
  }

  /** Judges what {@link #reader} has. */
  private Reason judgeAuthentic(FwknopStanza candidate, long srcHi, long srcLo, long epochMs) {
    FwknopMessage authentic = reader.message();
    message = authentic;
    clockDifferenceMs = FwknopJudge.clockDifferenceMs(authentic, epochMs);
    // Before the clock, or a message that is early could be caught and sent again in its time. Once
    // for each packet, not for each stanza: the second stanza must not call it a replay.
    Reason replay = usedUp ? null : useUp(authentic, epochMs);
    usedUp = true;
    if (replay != null) {
      return replay;
    }
    return FwknopJudge.isInTime(candidate, authentic, epochMs)
        ? judge.judge(candidate, authentic, srcHi, srcLo)
        : Reason.SPA_CLOCK;
  }

  /** Whether no further stanza is asked. */
  private static boolean isLastWord(Reason reason) {
    return switch (reason) {
      case SPA_OPENED, SPA_REPLAY, SPA_REPLAY_FULL -> true;
      default -> false;
    };
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

  /** The OpenPGP message of the last payload that was {@link Reason#SPA_SEALED}. */
  public byte[] sealed() {
    if (sealed == null) {
      throw new IllegalStateException("the last payload was no GPG message");
    }
    return sealed;
  }

  /** Places of the stanzas that may take it, in the order of the policy, one at least. */
  public int[] takers() {
    return Arrays.copyOf(takers, takerCount);
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
    MessageSeal seal = candidate.keys();
    int bodyLength = length - Hmac.textLength(seal);
    if (!FwknopEnvelope.fits(seal, payload, bodyLength)) {
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
    if (hmac != null && !envelope.isSealed(seal, hmac, payload, bodyLength)) {
      return Reason.SPA_HMAC;
    }
    if (!(seal instanceof FwknopKeys keys)) {
      addTaker(index, bodyLength);
      return Reason.SPA_SEALED;
    }
    int bytes = envelope.decode(seal, payload, bodyLength);
    if (bytes < 0) {
      return Reason.SPA_ENCODING;
    }
    int text = cipher.decrypt(keys.mode(), keys.key(), envelope.decoded(), bytes, plain);
    return text < 0 ? Reason.SPA_CIPHER : reader.read(plain, text);
  }

  /** Where an HMAC was right, stanzas that would take it for a part of the message have no say. */
  private void addTaker(int index, int bodyLength) {
    if (takerCount == 0 || bodyLength < takersBody) {
      takerCount = 0;
      takersBody = bodyLength;
    }
    if (bodyLength == takersBody) {
      takers[takerCount++] = index;
    }
  }

  /** What may be decrypted, and was not before where an HMAC shows that it is genuine. */
  private Reason takeSealed(byte[] payload, long epochMs) {
    int bytes = envelope.decode(stanzas[takers[0]].keys(), payload, takersBody);
    if (bytes < 0) {
      return Reason.SPA_ENCODING;
    }
    boolean genuine = hmacs[takers[0]] != null;
    Reason replay = genuine ? replays.useUpSealed(envelope.decoded(), bytes, epochMs) : null;
    if (replay != null) {
      return replay;
    }
    sealed = Arrays.copyOf(envelope.decoded(), bytes);
    return Reason.SPA_SEALED;
  }

  /** Null = it was not used before. */
  private @Nullable Reason useUp(FwknopMessage authentic, long epochMs) {
    int salt = SaltedCipher.HEADER - SaltedCipher.SALT;
    return replays.useUp(authentic, envelope.decoded(), salt, SaltedCipher.SALT, epochMs);
  }
}

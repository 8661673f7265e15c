package knockgate.rules.words;

import java.util.Locale;

/** Why a packet got its verdict, or what it did to a door. */
public enum Reason {
  // verdicts
  UNPARSABLE(Event.REFUSAL, "the headers could not be read"),
  RESCUE(Event.ADMISSION, "the source is a rescue address"),
  GRANTED(Event.ADMISSION, "the peer holds a grant for this door"),
  NO_GRANT(Event.REFUSAL, "the destination is protected and the peer holds no grant"),
  SILENT_KNOCK(Event.REFUSAL, "a knock is never answered"),
  UNMATCHED(Event.NOTHING, "no door protects the destination"),
  FAILED(Event.REFUSAL, "the gate itself failed on this packet"),

  // what a packet did to a door
  FIRST_KNOCK(Event.KNOCK, "first knock"),
  KNOCK(Event.KNOCK, "next knock, in time"),
  REPEAT(Event.KNOCK, "the knock just counted, sent again: ignored"),
  RESTARTED(Event.KNOCK, "the first knock again: a new attempt begins"),
  OPENED(Event.GRANT, "last knock: the door is open"),
  WRONG_KNOCK(Event.REFUSAL, "wrong knock: the attempt is over"),
  TOO_LATE(Event.REFUSAL, "the knock came too late: the attempt was over"),
  ROTATED_BEFORE(Event.REFUSAL, "this peer has used the sequence of that time step already"),
  OVER_BUDGET(Event.REFUSAL, "too many first knocks or messages from this prefix: not counted"),
  UNSEEN(Event.REFUSAL, "the kernel set failed, so wrong knocks could pass unseen: attempt over"),
  ATTEMPTS_FULL(Event.REFUSAL, "no room for another attempt: see limits.attempts"),
  GRANTS_FULL(Event.REFUSAL, "no room for another grant: see limits.grants"),
  CONNECTIONS_SPENT(Event.CLOSE, "the grant's last connection was used"),

  // what an SPA message did to a door; of several stanzas, the one that came furthest is named, so
  // the order of these is the order of the checks
  SPA_FORM(Event.REFUSAL, "the payload does not have the form of an SPA message"),
  SPA_PREFIX(Event.REFUSAL, "the payload begins with the part that a sender cuts off"),
  SPA_FAMILY(Event.REFUSAL, "this dialect knows no IPv6 peer; its extension pknock6 is off"),
  SPA_SOURCE(Event.REFUSAL, "no stanza takes messages from this source"),
  SPA_DESTINATION(Event.REFUSAL, "no stanza takes messages for this destination"),
  SPA_STANZA_EXPIRED(Event.REFUSAL, "the stanza has expired"),
  SPA_HMAC(Event.REFUSAL, "the HMAC is wrong: another key, another clock or another address"),
  SPA_ENCODING(Event.REFUSAL, "the text is not in its one canonical spelling"),
  SPA_BUSY(Event.REFUSAL, "too many GPG messages wait to be decrypted: this one is lost"),
  SPA_CIPHER(Event.REFUSAL, "the text does not decrypt: another key or mode"),
  SPA_SIGNER(Event.REFUSAL, "none of the required signers has signed the GPG message"),
  SPA_DIGEST(Event.REFUSAL, "the digest inside is wrong"),
  SPA_FIELDS(Event.REFUSAL, "a field of the message is malformed"),
  SPA_CLOCK(Event.REFUSAL, "the sender's clock and ours differ by more than the stanza allows"),
  SPA_REPLAY(Event.REFUSAL, "the message was used before"),
  SPA_REPLAY_FULL(Event.REFUSAL, "no room to remember another message"),
  SPA_MINUTE_USED(Event.REFUSAL, "this peer has opened in this minute already"),
  SPA_ADDRESS(Event.REFUSAL, "the stanza demands an address inside the message"),
  SPA_USER(Event.REFUSAL, "the stanza demands another user"),
  SPA_NAT(Event.REFUSAL, "the message asks for address translation that the stanza does not map"),
  SPA_COMMAND(Event.REFUSAL, "the message asks for a command, and commands are never run"),
  SPA_PORT(Event.REFUSAL, "the message asks for a port that the stanza does not list"),
  SPA_RESTRICTED(Event.REFUSAL, "the message asks for a port that the stanza restricts"),
  SPA_ALREADY(Event.REFUSAL, "open message, but the door is open for this peer already"),
  SPA_NOT_OPEN(Event.REFUSAL, "close message, but the peer holds no grant"),
  SPA_SEALED(Event.NOTHING, "a GPG message: it is decrypted apart from the packets"),
  SPA_CLOSED(Event.CLOSE, "close message: the door is shut"),
  SPA_OPENED(Event.GRANT, "SPA message: the door is open"),

  // without a packet
  AUTOCLOSED(Event.AUTOCLOSE, "the grant ended by itself"),
  REVOKED(Event.CLOSE, "the grant was taken back"),
  GIVEN(Event.GRANT, "granted by hand"),
  COVERS_CHANGED(Event.CLOSE, "the grant ended: a reload changed what the door's grants cover"),
  EXTENDED(Event.GRANT, "the grant's end was moved by hand");

  /** What kind of event tells it. */
  public enum Event {
    KNOCK,
    GRANT,
    REFUSAL,
    ADMISSION,
    AUTOCLOSE,
    CLOSE,
    /** Not told at all. */
    NOTHING;

    /** The word for programs, such as {@code knock}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Event event;
  private final String sentence;

  Reason(Event event, String sentence) {
    this.event = event;
    this.sentence = sentence;
  }

  /** What kind of event tells it. */
  public Event event() {
    return event;
  }

  /** The sentence for people. */
  public String sentence() {
    return sentence;
  }

  /** The word for programs, such as {@code wrong-knock}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it tells what an SPA message did. */
  public boolean isOfMessage() {
    return compareTo(SPA_FORM) >= 0 && compareTo(SPA_OPENED) <= 0;
  }

  /** Whether a message was refused for it. */
  public boolean isMessageRefusal() {
    return event == Event.REFUSAL && isOfMessage();
  }

  /** Whether strangers can cause as many as they like, so that only some of them are told. */
  public boolean isCheap() {
    return switch (this) {
      case KNOCK,
          OPENED,
          TOO_LATE,
          GRANTED,
          RESCUE,
          CONNECTIONS_SPENT,
          AUTOCLOSED,
          REVOKED,
          COVERS_CHANGED,
          GIVEN,
          EXTENDED ->
          false;
      // only behind a right HMAC, and once for each message
      case SPA_SIGNER, SPA_ADDRESS, SPA_USER, SPA_NAT, SPA_COMMAND, SPA_PORT, SPA_RESTRICTED ->
          false;
      case SPA_OPENED, SPA_CLOSED -> false;
      default -> true;
    };
  }
}

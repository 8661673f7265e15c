package knockgate.rules;

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
  OVER_BUDGET(Event.REFUSAL, "too many first knocks from this prefix: not counted"),
  ATTEMPTS_FULL(Event.REFUSAL, "no room for another attempt: see limits.attempts"),
  GRANTS_FULL(Event.REFUSAL, "no room for another grant: see limits.grants"),
  CONNECTIONS_SPENT(Event.CLOSE, "the grant's last connection was used"),

  // without a packet
  AUTOCLOSED(Event.AUTOCLOSE, "the grant ended by itself"),
  REVOKED(Event.CLOSE, "the grant was taken back");

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

  /** Whether strangers can cause as many as they like, so that only some of them are told. */
  public boolean isCheap() {
    return switch (this) {
      case KNOCK, OPENED, TOO_LATE, GRANTED, RESCUE, CONNECTIONS_SPENT, AUTOCLOSED, REVOKED ->
          false;
      default -> true;
    };
  }
}

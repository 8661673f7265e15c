package knockgate.rules;

/** Why a packet got its verdict, or what it did to a door. */
public enum Reason {
  // verdicts
  UNPARSABLE("the headers could not be read"),
  RESCUE("the source is a rescue address"),
  GRANTED("the peer holds a grant for this door"),
  NO_GRANT("the destination is protected and the peer holds no grant"),
  SILENT_KNOCK("a knock is never answered"),
  UNMATCHED("no door protects the destination"),
  FAILED("the gate itself failed on this packet"),

  // what a packet did to a door
  FIRST_KNOCK("first knock"),
  KNOCK("next knock, in time"),
  OPENED("last knock: the door is open"),
  REPEAT("the step just passed, sent again: ignored"),
  WRONG_KNOCK("wrong knock: the attempt is over"),
  RESTARTED("wrong knock, but the first step: a new attempt begins"),
  TOO_LATE("the knock came too late: the attempt was over"),
  OVER_BUDGET("too many first knocks from this prefix: not counted"),
  ATTEMPTS_FULL("no room for another attempt: everyone here is further along"),
  GRANTS_FULL("no room for another grant: see limits.grants"),
  CONNECTIONS_SPENT("the grant's last connection was used"),

  // without a packet
  AUTOCLOSED("the grant ended by itself"),
  REVOKED("the grant was taken back");

  private final String sentence;

  Reason(String sentence) {
    this.sentence = sentence;
  }

  /** The sentence for people. */
  public String sentence() {
    return sentence;
  }

  /** The word for programs, such as {@code wrong-knock}. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}

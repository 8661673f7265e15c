package knockgate.gate;

import java.util.Locale;

/** Every number that the gate counts, with its sentence. */
public enum Counter {
  PACKETS("packets that got a verdict"),
  ACCEPTED("packets accepted"),
  DROPPED("packets dropped"),
  ADMITTED("packets accepted because of a grant"),
  RESCUED("packets accepted because of a rescue address"),
  REFUSED("packets to a protected port dropped for want of a grant"),
  UNPARSABLE("packets whose headers could not be read"),
  KNOCKS("knocks that counted"),
  GRANTS("grants given"),
  WRONG_KNOCKS("attempts ended by a wrong knock"),
  LATE_KNOCKS("knocks that came too late"),
  MESSAGES("SPA messages that opened or closed a door"),
  MESSAGES_REFUSED("SPA messages that were forged, used before, or asked for too much"),
  OVER_BUDGET("first knocks and messages beyond a prefix's budget, or that of all messages"),
  TABLE_FULL("attempts or grants for which there was no room"),
  PEERS_WATCHED("peers put into the kernel set, each knock of a strict sequence once"),
  SET_FULL("times the kernel set had no room, so that for a while every port came to the queue"),
  UNSEEN("attempts ended because the kernel set could not be written"),
  FAILED("packets on which the gate itself failed"),
  BATCHES("batches of packets decided at one go"),
  QUEUES_RETAKEN("queues taken back after they had been lost"),
  EVENTS_SUPPRESSED("events left out because there were too many of their kind"),
  EVENTS_LOST("events lost because the writer was too slow"),
  HOOKS("hooks started"),
  HOOKS_FAILED("hooks that did not end well or took too long");

  private final String sentence;

  Counter(String sentence) {
    this.sentence = sentence;
  }

  /** The sentence for people. */
  public String sentence() {
    return sentence;
  }

  /** The word for programs, such as {@code wrong-knocks}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

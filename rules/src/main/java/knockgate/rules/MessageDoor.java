package knockgate.rules;

import knockgate.rules.words.Reason;

/** What messages to one port open, as one lane judges it. Owned by the lane's thread. */
sealed interface MessageDoor permits PknockDoor, FwknopDoors {
  /** Whether the payload looks like one of its messages. */
  boolean hasForm(Packet packet);

  /** Whether the packet went to the port of its messages; elsewhere it can only close it. */
  boolean isAddressed(Packet packet);

  /** About how long {@link #judge} takes at most for a forged message, nanoseconds. */
  long costNs(Packet packet);

  /**
   * Judges a message that has the form, and does what it asks for.
   *
   * @param nowMs milliseconds since the gate's start
   * @param epochMs wall clock, milliseconds since 1970
   * @return what became of it
   */
  Reason judge(Packet packet, long nowMs, long epochMs);

  /**
   * Looks why a message had the wrong HMAC; the door stays as it is.
   *
   * @return a better reason, or {@link Reason#SPA_HMAC}
   */
  Reason explain(Packet packet, long nowMs, long epochMs);

  /** About how long {@link #explain} takes, nanoseconds; 0 = it has nothing to say. */
  long explanationNs();

  /** Index of the door that the last outcome is about. */
  int door();

  /** How long the last grant lasts, in milliseconds; {@link GrantTable#NEVER} = for ever. */
  long grantedMs();
}

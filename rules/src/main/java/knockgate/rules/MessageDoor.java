package knockgate.rules;

/** What messages to one port open, as one lane judges it. Owned by the lane's thread. */
sealed interface MessageDoor permits PknockDoor, FwknopDoors {
  /** Whether the payload looks like one of its messages. */
  boolean hasForm(Packet packet);

  /** Whether the packet went to the port of its messages; elsewhere it can only close it. */
  boolean isAddressed(Packet packet);

  /** Most HMACs that judging a message takes. */
  int cost();

  /**
   * Judges a message that has the form, and does what it asks for.
   *
   * @param nowMs milliseconds since the gate's start
   * @param epochMs wall clock, milliseconds since 1970
   * @return what became of it
   */
  Reason judge(Packet packet, long nowMs, long epochMs);

  /** Index of the door that the last outcome is about. */
  int door();

  /** How long the last grant lasts, in milliseconds; {@link GrantTable#NEVER} = for ever. */
  long grantedMs();
}

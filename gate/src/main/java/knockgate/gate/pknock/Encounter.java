package knockgate.gate.pknock;

/**
 * Something that happens, or may happen, to packets on their way through INPUT.
 *
 * @param kind what
 * @param rule the rule that does it
 * @param name the name that the rule's knock test is about; empty for plain rules
 */
record Encounter(Kind kind, Rule rule, String name) {
  /** What a rule can do. */
  enum Kind {
    /** The knock test counts the packet, if the peer is not in already. */
    JUDGE,
    /** The packet is accepted if the peer is in. */
    ADMIT,
    /** The packet is dropped if the peer is in. */
    SHUT,
    /** A plain rule accepts some of these packets; which, a policy cannot say. */
    MAY_ACCEPT,
    /** A plain rule drops some of these packets; which, a policy cannot say. */
    MAY_DROP
  }
}

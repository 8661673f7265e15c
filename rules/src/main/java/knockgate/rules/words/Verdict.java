package knockgate.rules.words;

/** What the kernel is told about one packet. */
public enum Verdict {
  /** The packet goes on. */
  ACCEPT,
  /** The packet is gone, and nobody is told. */
  DROP
}

package knockgate.gate.pknock;

import knockgate.rules.words.Prefix;

/** One condition of a rule. Tests that hold for every packet the gate sees are left out. */
sealed interface Test permits Test.Protocol, Test.From, Test.To, Test.Never, Test.Unknown, Knock {
  /**
   * {@code -p}.
   *
   * @param number IP protocol number, never 0
   * @param inverted any other
   */
  record Protocol(int number, boolean inverted) implements Test {}

  /** {@code -s}, not inverted. */
  record From(Prefix prefix) implements Test {}

  /** Destination ports of TCP, UDP or UDP-Lite. */
  record To(PortSet ports) implements Test {}

  /** Holds for no packet that the gate sees: loopback, what is established. */
  record Never() implements Test {}

  /**
   * A test that a policy has no words for.
   *
   * @param text as it was written
   */
  record Unknown(String text) implements Test {}
}

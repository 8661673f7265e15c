package knockgate.gate.pknock;

import java.util.Locale;

/** Why a rule cannot be imported: the whole list. */
public enum Cause {
  /** iptables, or the module itself, would not take the rule. */
  WRONG,
  /** A test, a target or a place of a rule that a policy has no words for. */
  NOT_OURS,
  /** Two knock tests in one rule. */
  TWO_KNOCK_TESTS,
  /** Two knock rules share one name, and with it their peers' progress. */
  SHARED_NAME,
  /** Secrets that a policy does not take: empty, or cut within a character. */
  SECRETS,
  /** A secret rule on TCP, which the module takes and never opens. */
  SECRETS_ON_TCP,
  /** A knock on port 0. */
  PORT_ZERO,
  /** The knock rule drops what it opens, so that its membership rule never sees a packet. */
  DROPS_WHAT_IT_OPENS,
  /** Nothing is admitted by this name, or by any. */
  OPENS_NOTHING,
  /** Another rule admits what the door should guard. */
  GUARDS_NOTHING,
  /** Rules admit what goes to the port of a door's messages; a gate lets no message through. */
  ADMITS_MESSAGES,
  /** The rules let a knock through, to be answered; a policy never does. */
  KNOCKS_LET_THROUGH,
  /** A rule, or a test in front of the knock test, keeps packets from a door that judges them. */
  HIDDEN,
  /** The order of the rules matters in a way that no order of doors has. */
  RULE_ORDER;

  /** The word for programs and summaries, such as {@code shared-name}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

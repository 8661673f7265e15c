package knockgate.gate.pknock;

import java.util.Set;

/**
 * What becomes of a packet that fits a rule.
 *
 * @param name as it was written; empty = none
 * @param returns false for {@code -g}: what follows the jump is not looked at any more
 */
record Target(String name, boolean returns) {
  static final Target NONE = new Target("", true);

  /** Targets behind which the packet goes on to the next rule. */
  private static final Set<String> PASSING =
      Set.of(
          "",
          "LOG",
          "NFLOG",
          "ULOG",
          "AUDIT",
          "MARK",
          "CONNMARK",
          "SECMARK",
          "CONNSECMARK",
          "CLASSIFY",
          "DSCP",
          "TOS",
          "TTL",
          "TCPMSS",
          "CHECKSUM",
          "RATEEST",
          "HMARK",
          "TEE",
          "TRACE",
          "SET",
          "CT",
          "NOTRACK",
          "LED",
          "IDLETIMER",
          "SYSRQ");

  boolean accepts() {
    return name.equals("ACCEPT");
  }

  /** Whether it refuses; with an answer or without, the packet does not get in. */
  boolean refuses() {
    return name.equals("DROP") || name.equals("REJECT");
  }

  boolean leavesChain() {
    return name.equals("RETURN");
  }

  boolean passes() {
    return PASSING.contains(name);
  }
}

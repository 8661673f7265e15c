package knockgate.gate.state;

/** What the tests of a gate's state have in common: a policy of two doors, and who goes through. */
final class TwoDoors {
  static final long MINUTE = 60_000;
  static final long PEER = 0x0000_ffff_c000_0202L;
  static final long OTHER = PEER + 1;

  static final String SSH = "ssh { protects = [ \"tcp/22\" ], knock = [ 7000, 8000 ] }\n";
  static final String WEB = "web { protects = [ \"tcp/80\" ], knock = [ 7001, 8001 ] }\n";
  static final String BOTH = policy(WEB, SSH);

  private TwoDoors() {}

  /** A policy of these doors. */
  static String policy(String... doors) {
    return "doors {\n" + String.join("", doors) + "}\n";
  }
}

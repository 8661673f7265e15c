package knockgate.gate.selftest;

import knockgate.gate.firewall.Family;

/**
 * How one door fared in one family.
 *
 * @param door its name
 * @param family by which it was tried
 * @param outcome what came of it
 * @param sentence the same for people, without a full stop
 */
public record Trial(String door, Family family, Outcome outcome, String sentence) {
  /** What came of a trial. */
  public enum Outcome {
    WORKS("works"),
    FAILS("FAILS"),
    UNTRIED("not tried");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  static Trial works(String door, Family family, String sentence) {
    return new Trial(door, family, Outcome.WORKS, sentence);
  }

  static Trial fails(String door, Family family, String sentence) {
    return new Trial(door, family, Outcome.FAILS, sentence);
  }

  static Trial untried(String door, Family family, String sentence) {
    return new Trial(door, family, Outcome.UNTRIED, sentence);
  }
}

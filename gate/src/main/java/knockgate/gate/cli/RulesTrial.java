package knockgate.gate.cli;

import java.time.Duration;
import java.util.function.Consumer;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.firewall.RulesOnTrial;
import org.jspecify.annotations.Nullable;

/** Rules that are in place, until somebody confirms them or they are taken back. */
final class RulesTrial {
  private final RulesOnTrial rules;
  private final Consumer<@Nullable String> err;

  /**
   * Nothing is decided yet.
   *
   * @param err takes a sentence for people; null = nothing to say
   */
  RulesTrial(RulesOnTrial rules, Consumer<@Nullable String> err) {
    this.rules = rules;
    this.err = err;
  }

  /** Waits, and keeps the rules or takes them back, also when waiting fails. */
  ExitCode await(Confirmation confirmation, Duration within) {
    try (Teller teller = new Teller(err)) {
      return await(confirmation, within, teller);
    }
  }

  /** Whatever the terminal does, the time runs, and the rules are taken back at its end. */
  private ExitCode await(Confirmation confirmation, Duration within, Teller teller) {
    Confirmation.Ending ending = Confirmation.Ending.FAILED;
    try {
      confirmation.begin(within);
      teller.tell(rules.warning());
      teller.tell(
          "applied; keep them with Enter, or with \"knockgate confirm\" from another session,"
              + " within "
              + within.toSeconds()
              + " s");
      ending = confirmation.await();
    } finally {
      if (ending != Confirmation.Ending.CONFIRMED) {
        String left = rules.takeBack();
        teller.tell(ending.words() + ": the rules are taken back");
        teller.tell(left);
        teller.tell("what stood before stands again");
      }
    }
    if (ending != Confirmation.Ending.CONFIRMED) {
      return ExitCode.NOT_SO;
    }
    teller.tell(rules.keep());
    teller.tell("confirmed; the rules stay");
    return ExitCode.OK;
  }
}

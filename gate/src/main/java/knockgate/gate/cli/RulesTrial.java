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
    Confirmation.Ending ending = Confirmation.Ending.FAILED;
    try {
      err.accept(rules.warning());
      err.accept(
          "applied; keep them with Enter, or with \"knockgate confirm\" from another session,"
              + " within "
              + within.toSeconds()
              + " s");
      ending = confirmation.await(within);
    } finally {
      if (ending != Confirmation.Ending.CONFIRMED) {
        err.accept(ending.words() + ": taking the rules back");
        err.accept(rules.takeBack());
        err.accept("what stood before stands again");
      }
    }
    if (ending != Confirmation.Ending.CONFIRMED) {
      return ExitCode.NOT_SO;
    }
    err.accept(rules.keep());
    err.accept("confirmed; the rules stay");
    return ExitCode.OK;
  }
}

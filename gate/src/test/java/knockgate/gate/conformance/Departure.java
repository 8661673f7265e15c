package knockgate.gate.conformance;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where the gate departs from xt_pknock on purpose; each is a switch of the {@link ReferenceModel}.
 * Off, the model does as the module did; on, as the gate should.
 */
enum Departure {
  /** Every gap is timed; the module leaves out the one before the last knock. */
  EVERY_GAP_TIMED,

  /** An attempt past its time no longer exists; the module lets it block the next one. */
  LATE_ATTEMPT_FORGOTTEN,

  /** A grant past its autoclose no longer exists; the module lets it swallow one packet. */
  CLOSED_GRANT_FORGOTTEN,

  /** No collector is needed, since what is past its time does not count. */
  NO_COLLECTOR,

  /** A door's autoclose is its knock rule's, wherever its membership rules stand. */
  RULE_ORDER_KEEPS_AUTOCLOSE,

  /** An autoclose of many minutes lasts as long as it says; the module counts modulo 2^32 s. */
  LONG_AUTOCLOSE,

  /**
   * A close message counts on the door's SPA port only. An imported door says {@code closing =
   * always}, and does as the module.
   */
  CLOSE_ON_OWN_PORT,

  /** A close message counts once. An imported door says {@code closing = always} here as well. */
  CLOSE_ONCE,

  /**
   * Who opened once in a minute has, though a strict rule has forgotten him since: his message of
   * that minute is used, and none is taken twice.
   */
  MINUTE_REMEMBERED,

  /** An open SPA door drops nothing but what comes to its SPA port (README of the corpus, 24). */
  OTHER_UDP_UNTOUCHED,

  /**
   * A TCP or UDP header that ends behind its ports can knock wherever its port can, and is admitted
   * nowhere; the module leaves both to the test of the destination, where there is one.
   */
  CUT_HEADERS_STAY_OUT;

  /** Those that show with a policy as the importer writes it. */
  static Set<Departure> ofImportedDoors() {
    return EnumSet.complementOf(EnumSet.of(CLOSE_ON_OWN_PORT, CLOSE_ONCE));
  }
}

package knockgate.gate.selftest;

import java.util.concurrent.Callable;
import knockgate.gate.firewall.Family;
import knockgate.rules.policy.Door;
import knockgate.rules.words.PortRange;

/**
 * One door, one family: shut to a stranger, opened by what opens it, for that address alone. Run by
 * a thread at the client's end.
 *
 * @param caller who opens it
 * @param other who does not
 * @param pauseMs between packets that must be judged in order; the kernel hands those of different
 *     protocols to different lanes (xt_NFQUEUE, hash_v4), and lanes do not wait for each other
 */
record DoorTrial(Door door, Family family, Caller caller, Caller other, int pauseMs)
    implements Callable<Trial> {
  private static final double US_PER_MS = 1000;

  /** Prefixes of this length or shorter hold both {@code 198.18.0.0} and {@code 198.19.0.0}. */
  private static final int BOTH_V4 = 15;

  /** The same for {@code 2001:db8::} and {@code 2001:db8:ff00::}. */
  private static final int BOTH_V6 = 32;

  @Override
  public Trial call() {
    Opening opening = Opening.of(door, caller);
    PortRange port = opening.port();
    if (port == null) {
      return Trial.untried(door.name(), family, opening.words());
    }
    String name = port.protocol().word() + "/" + port.first();
    if (caller.answered(port) >= 0) {
      return fails("a stranger gets in at " + name + ": the door does not shut it");
    }
    opening.send(pauseMs);
    long us = caller.answered(port);
    if (us < 0) {
      return fails(
          "%s did not open %s: the first packet was not answered".formatted(opening.words(), name));
    }
    if (!opensForBoth() && other.answered(port) >= 0) {
      return fails("%s opened %s for another address too".formatted(opening.words(), name));
    }
    return Trial.works(
        door.name(),
        family,
        "%s shut to a stranger, opened by %s, first packet answered after %.1f ms, %s"
            .formatted(
                name,
                opening.words(),
                us / US_PER_MS,
                opensForBoth() ? "open to a whole network" : "shut to another"));
  }

  private boolean opensForBoth() {
    return family == Family.V4 ? door.coversV4() <= BOTH_V4 : door.coversV6() <= BOTH_V6;
  }

  private Trial fails(String sentence) {
    return Trial.fails(door.name(), family, sentence);
  }
}

package knockgate.rules.policy;

import java.time.Duration;
import knockgate.rules.spa.Dialect;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.PknockSpa;

/**
 * One authenticated datagram opens the door.
 *
 * @param port the UDP port that messages are sent to, 1 to 65535; nothing listens there
 * @param dialect what a message looks like
 */
public record Spa(int port, Dialect dialect) implements Trigger {
  @Override
  public Duration strictPause() {
    return Duration.ZERO;
  }

  /** Whether a message names the ports that it wants; otherwise it opens the whole door. */
  public boolean opensPorts() {
    return dialect instanceof FwknopSpa;
  }

  /** Whether a message to any other UDP port may concern the door as well. */
  public boolean hearsEverywhere() {
    return dialect instanceof PknockSpa pknock && pknock.closesAlways();
  }
}

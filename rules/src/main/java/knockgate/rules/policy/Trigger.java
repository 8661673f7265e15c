package knockgate.rules.policy;

import java.time.Duration;

/** What opens a door. */
public sealed interface Trigger permits Sequence, Rotating, Spa {
  /**
   * The longest pause behind a knock in which a wrong one would end the attempt: for so long the
   * gate must see whatever that peer sends. Zero where no wrong knock counts.
   */
  Duration strictPause();
}

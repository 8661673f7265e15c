package knockgate.gate.firewall;

import java.util.Locale;

/** How the gate stands in the firewall. */
public enum Layout {
  /**
   * The queue is in mangle/INPUT and may be bypassed; filter/INPUT admits what carries the gate's
   * mark and closes the protected ports to everything else. With the gate down, strangers stay out
   * of the protected ports and every other port works as before.
   */
  MARK,

  /**
   * The queue is in filter/INPUT and its verdict is final. With the gate down, everything that
   * would be queued is dropped.
   */
  DIRECT;

  /** As the command line writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

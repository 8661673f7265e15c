package knockgate.gate;

/** The daemon's two clocks. Nothing below {@link Lane} reads another. */
final class Clocks {
  private final long startNs = System.nanoTime();

  /** Monotonic nanoseconds since the gate's start. */
  long nowNs() {
    return System.nanoTime() - startNs;
  }

  /** The same in milliseconds, as the tables have it. */
  long nowMs() {
    return nowNs() / 1_000_000;
  }

  /** Wall clock, milliseconds since 1970. */
  long epochMs() {
    return System.currentTimeMillis();
  }
}

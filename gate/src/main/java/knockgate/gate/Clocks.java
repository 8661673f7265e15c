package knockgate.gate;

import java.util.function.LongSupplier;

/** The daemon's two clocks. Nothing below {@link Lane} reads another. */
public final class Clocks {
  private final LongSupplier monotonicNs;
  private final LongSupplier wallMs;
  private final long startNs;

  /** The machine's clocks; the gate starts now. */
  Clocks() {
    this(System::nanoTime, System::currentTimeMillis);
  }

  /** Other clocks: one in monotonic nanoseconds, one in milliseconds since 1970. */
  public Clocks(LongSupplier monotonicNs, LongSupplier wallMs) {
    this.monotonicNs = monotonicNs;
    this.wallMs = wallMs;
    startNs = monotonicNs.getAsLong();
  }

  /** Monotonic nanoseconds since the gate's start. */
  public long nowNs() {
    return monotonicNs.getAsLong() - startNs;
  }

  /** The same in milliseconds, as the tables have it. */
  public long nowMs() {
    return nowNs() / 1_000_000;
  }

  /** Wall clock, milliseconds since 1970. */
  public long epochMs() {
    return wallMs.getAsLong();
  }
}

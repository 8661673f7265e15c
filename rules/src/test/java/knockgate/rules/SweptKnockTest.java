package knockgate.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.Test;

/** A first knock that comes at the moment at which its peer's former attempt is swept away. */
class SweptKnockTest {
  private static final int KNOCKS = 300_000;
  private static final long LONG_AFTER_MS = 20_000;

  @Test
  void aFirstKnockBeginsWhoeverEndsTheAttemptBeforeIt() throws InterruptedException {
    Gate gate = new Gate(Gate.policy(Gate.door("d", Gate.sequence(true, "tcp/1", "tcp/2"), 22)));
    AtomicLong now = new AtomicLong();
    Thread sweeper = new Thread(() -> sweep(gate, now));
    sweeper.start();
    int lost = 0;
    for (int i = 0; i < KNOCKS; i++) {
      gate.nowMs += LONG_AFTER_MS;
      now.set(gate.nowMs);
      Packet packet = gate.send("203.0.113.7", "tcp/1");
      boolean begun =
          packet.notes() > 0 && packet.noteReason(packet.notes() - 1) == Reason.FIRST_KNOCK;
      lost += begun ? 0 : 1;
    }
    now.set(-1);
    sweeper.join();
    assertThat(lost).isZero();
  }

  /** What was begun before "now" goes, at once. */
  private static void sweep(Gate gate, AtomicLong now) {
    for (long nowMs = now.get(); nowMs >= 0; nowMs = now.get()) {
      gate.state.sweepAttempts(gate.plan(), nowMs, 0);
    }
  }
}

package knockgate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import knockgate.gate.fault.FaultLog;
import knockgate.gate.process.Niceness;
import knockgate.nfq.Scheduling;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.Test;

class AuditRingTest {
  private final FaultLog faults = new FaultLog(new PrintStream(PrintStream.nullOutputStream()));

  @Test
  void whoeverWritesEventsStandsBackForThoseWhoDecide() throws Exception {
    CompletableFuture<Integer> nice = new CompletableFuture<>();
    try (AuditRing audit =
        new AuditRing((event, sequence, last) -> nice.complete(Niceness.here()), faults)) {
      audit.start();
      assertThat(audit.tellGrant(0, Reason.AUTOCLOSED, "ssh", 0, 1, 128, -1, null)).isTrue();
      assertThat(nice.get(60, TimeUnit.SECONDS)).isEqualTo(Scheduling.NICE);
    }
    assertThat(Niceness.here()).as("who tells of them").isZero();
  }
}

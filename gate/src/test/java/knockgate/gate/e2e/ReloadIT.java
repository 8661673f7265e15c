package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import knockgate.gate.control.Ask;
import knockgate.gate.control.Row;
import org.junit.jupiter.api.Test;

/**
 * The policy is read again, over and over, under load and in the middle of everybody's knocks: all
 * of them get in, and connections to another port are answered as they are between the reloads.
 *
 * <p>The full measure: {@code -Dknockgate.reload.times=100 -Dknockgate.reload.packets=20000}. It
 * prints its figures.
 */
class ReloadIT {
  private static final int TIMES = Integer.getInteger("knockgate.reload.times", 20);
  private static final int PACKETS_PER_SECOND =
      Integer.getInteger("knockgate.reload.packets", 5000);

  private static final long SEED = 20_261_122;

  /**
   * From the beginning of a reload to where nothing of it can be felt any more, and as long again.
   */
  private static final long WINDOW_NS = 100_000_000;

  /** A generous bound: this machine does more than the test. */
  private static final Duration FAR_TOO_LATE = Duration.ofMillis(900);

  private static String policy(int otherDoors) {
    return "rescue = [ \"192.0.2.10\" ]\nlimits { grants = 32768 }\ndoors {\n"
        + "ssh { protects = [ \"tcp/22\" ], knock = [ 7000, 8000, 9000 ], time = 60s }\n"
        + IntStream.range(0, otherDoors).mapToObj(ReloadIT::door).collect(Collectors.joining())
        + "}\n";
  }

  private static String door(int i) {
    return "door%d { protects = [ \"tcp/%d\" ], knock = [ %d, \"udp/%d\", %d ], autoclose = 30m }\n"
        .formatted(i, 20_000 + i, 21_000 + i, 22_000 + i, 23_000 + i);
  }

  @Test
  void noAttemptIsLostAndNoVerdictIsLateForIt() throws InterruptedException {
    try (KeptScene kept = new KeptScene(policy(50))) {
      SteadyFlood flood = new SteadyFlood(kept.scene().wire(), PACKETS_PER_SECOND, SEED);
      LockSupport.parkNanos(2_000_000_000L); // the JIT compiler is at work, not what is measured
      SlowKnockers knockers = new SlowKnockers(kept.scene().wire());
      Probe probe = new Probe(kept.scene());
      for (int time = 1; time <= TIMES; time++) {
        kept.write(policy(50 + time % 2));
        Probe.Samples during = probe.begin("reload");
        List<Row> waiting = kept.ask(Ask.RELOAD, Map.of());
        LockSupport.parkNanos(WINDOW_NS - during.ageNs());
        assertThat(waiting).as("time %s", time).isEmpty();
        probe.begin("none");
        LockSupport.parkNanos(WINDOW_NS);
      }
      Set<String> knocked = knockers.end();
      probe.end();
      flood.end();
      report(flood, knocked, probe);
      kept.await("the last grants", () -> kept.granted("ssh").containsAll(knocked));
      assertThat(knocked).as("those who knocked").hasSizeGreaterThan(5 * TIMES);
      assertThat(kept.gate().queues()).allMatch(queue -> queue.dropped() == 0);
      Row gate = kept.ask(Ask.STATUS, Map.of()).get(0);
      assertThat(gate.number("failed")).as("%s", kept.gate()).isZero();
      assertThat(gate.number("doors")).isEqualTo(51 + TIMES % 2);
      assertThat(probe.worst()).as("%s", probe).isLessThan(FAR_TOO_LATE);
    }
  }

  private static void report(SteadyFlood flood, Set<String> knocked, Probe probe) {
    System.out.printf(
        "reloaded %d times at %d packets/s: %d slow knockers meanwhile%n%s%n",
        TIMES, flood.pace(), knocked.size(), probe);
  }
}

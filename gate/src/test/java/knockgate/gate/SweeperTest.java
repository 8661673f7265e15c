package knockgate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import knockgate.gate.control.ControlRoom;
import knockgate.gate.fault.FaultLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweeperTest {
  @TempDir private Path folder;

  /** Such as the one that a mapped file throws when its disk fails. */
  @Test
  void anErrorIsToldAndDoesNotEndTheThreadThatSweeps() {
    ControlRoom room =
        BareGate.of(folder, "doors { d { protects = [ tcp/22 ], knock = [ 7000, 8000 ] } }").room();
    FaultLog faults = new FaultLog(new PrintStream(OutputStream.nullOutputStream()));
    Sweeper sweeper =
        new Sweeper(
            room.state(),
            room.current().plan(),
            room.clocks(),
            new AuditRing((event, sequence, last) -> {}, faults),
            faults,
            () -> {
              throw new InternalError("a fault occurred in an unsafe memory access operation");
            });
    assertThat(sweeper.sweepNow()).isFalse();
    assertThat(faults.counts()).hasSize(1);
  }
}

package knockgate.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import knockgate.gate.control.ControlRoom;
import knockgate.gate.events.Decision;
import knockgate.gate.fault.FaultLog;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweeperTest {
  private static final String DOORS =
      "doors { d { protects = [ tcp/22 ], knock = [ 7000, 8000 ], covers { v4 = 24 } } }";

  @TempDir private Path folder;
  private final List<Decision> told = new CopyOnWriteArrayList<>();

  private Sweeper sweeper(ControlRoom room, FaultLog faults, BooleanSupplier save) {
    AuditRing audit = new AuditRing((event, sequence, last) -> told.add(event.decision()), faults);
    audit.start();
    return new Sweeper(room.state(), room.current().plan(), room.clocks(), audit, faults, save);
  }

  @Test
  void theEndOfAGrantIsToldOnceWhetherItWasSweptOrMadeRoomForAnother() {
    BareGate gate = BareGate.of(folder, "limits.grants = 1", DOORS);
    ControlRoom room = gate.room();
    Sweeper sweeper = sweeper(room, gate.faults(), () -> true);
    room.desk().give("d", Prefix.parse("192.0.2.9"), 1000, "root");
    gate.after(2000);
    room.desk().give("d", Prefix.parse("203.0.113.9"), 1000, "root");
    sweeper.sweepNow();
    gate.after(2000);
    sweeper.sweepNow();
    sweeper.sweepNow();
    await().until(() -> told.size() >= 2);
    assertThat(told)
        .allMatch(decision -> decision.reason() == Reason.AUTOCLOSED)
        .map(decision -> decision.door() + " " + decision.peer())
        .containsExactly("d 192.0.2.0/24", "d 203.0.113.0/24");
  }

  /** Such as the one that a mapped file throws when its disk fails. */
  @Test
  void anErrorIsToldAndDoesNotEndTheThreadThatSweeps() {
    ControlRoom room = BareGate.of(folder, DOORS).room();
    FaultLog faults = new FaultLog(new PrintStream(OutputStream.nullOutputStream()));
    Sweeper sweeper =
        sweeper(
            room,
            faults,
            () -> {
              throw new InternalError("a fault occurred in an unsafe memory access operation");
            });
    assertThat(sweeper.sweepNow()).isFalse();
    assertThat(faults.counts()).hasSize(1);
  }
}

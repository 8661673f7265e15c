package knockgate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import knockgate.gate.control.ControlRoom;
import knockgate.nfq.NativeException;
import knockgate.nfq.TrackedConnection;
import knockgate.rules.words.Prefix;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutterTest {
  private static final Prefix PEER = Prefix.parse("203.0.113.9");
  private static final TrackedConnection SESSION =
      new TrackedConnection(6, PEER.hi(), PEER.lo(), 22);

  @TempDir private Path folder;
  private BareGate gate;
  private ControlRoom room;
  private Cutter cutter;

  /** For each look through the kernel's table, whether the session was to be cut. */
  private final List<Boolean> looks = new ArrayList<>();

  /** How many of the next looks the kernel refuses. */
  private int refusals;

  @BeforeEach
  void open() {
    gate =
        BareGate.of(
            folder,
            "doors { d { protects = [ tcp/22 ], knock = [ 7000, 8000 ], kill-established = true } }");
    room = gate.room();
    cutter = new Cutter(room.state(), gate.faults(), this::look);
  }

  private void look(Predicate<TrackedConnection> which) throws NativeException {
    if (refusals > 0) {
      refusals--;
      throw new NativeException(NativeException.Kind.OTHER, "list connections", 105, "");
    }
    looks.add(which.test(SESSION));
  }

  private void tick(int times) {
    for (int i = 0; i < times; i++) {
      cutter.tick(room.current().policy(), room.clocks().nowMs());
    }
  }

  private void openAndShut() {
    room.desk().give("d", PEER, GrantDesk.AS_THE_DOOR_SAYS, "root");
    room.desk().revoke("d", PEER, "root");
  }

  @Test
  void whatTheKernelRefusedIsCutAtTheNextTurnAndToldOnce() {
    openAndShut();
    refusals = 3;
    tick(3);
    assertThat(looks).isEmpty();
    assertThat(gate.faults().counts()).hasSize(1).containsValue(3L);
    tick(2);
    assertThat(looks).as("cut, and no more to cut").containsExactly(true);
  }

  @Test
  void itIsGivenUpInTheEnd() {
    openAndShut();
    refusals = Cutter.MOST_TRIES;
    tick(Cutter.MOST_TRIES + 1);
    assertThat(looks).isEmpty();
    assertThat(gate.faults().counts().keySet())
        .hasSize(2)
        .anyMatch(kind -> kind.startsWith("cut connections, given up"));
    openAndShut();
    tick(1);
    assertThat(looks).as("the next one has its own tries").containsExactly(true);
  }

  @Test
  void whoWasLetInAgainMeanwhileKeepsTheConnection() {
    openAndShut();
    refusals = 1;
    tick(1);
    room.desk().give("d", PEER, GrantDesk.AS_THE_DOOR_SAYS, "root");
    tick(1);
    assertThat(looks).containsExactly(false);
  }

  @Test
  void observingCutsNothingThatWasLeft() {
    openAndShut();
    refusals = 1;
    tick(1);
    room.current().observe(true);
    tick(1);
    room.current().observe(false);
    tick(1);
    assertThat(looks).isEmpty();
  }

  @Test
  void whatWasLeftIsCutThoughItsDoorCoversAnotherPrefixMeanwhile() throws IOException {
    cover(24);
    openAndShut();
    refusals = 1;
    tick(1);
    cover(32);
    tick(1);
    assertThat(looks).containsExactly(true);
  }

  @Test
  void whoWasLetInAgainUnderTheOtherPrefixKeepsTheConnection() throws IOException {
    cover(24);
    openAndShut();
    refusals = 1;
    tick(1);
    cover(32);
    room.desk().give("d", PEER, GrantDesk.AS_THE_DOOR_SAYS, "root");
    tick(1);
    assertThat(looks).containsExactly(false);
  }

  private void cover(int v4) throws IOException {
    Files.writeString(
        gate.file(),
        "doors { d { protects = [ tcp/22 ], knock = [ 7000, 8000 ], kill-established = true,"
            + " covers { v4 = %d } } }".formatted(v4));
    room.current().reload();
  }
}

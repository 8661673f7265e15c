package knockgate.gate.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import knockgate.gate.BareGate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How many clients the control socket takes at a time. */
@Timeout(60)
class ControlPlacesTest {
  @TempDir private Path folder;

  @Test
  void whoMayOnlyLookNeverTakesTheLastPlaces() {
    assertThat(ControlServer.isFull(Access.LOOK, 23, 23)).isFalse();
    assertThat(ControlServer.isFull(Access.LOOK, 24, 24)).isTrue();
    assertThat(ControlServer.isFull(Access.CHANGE, 24, 24)).isFalse();
    assertThat(ControlServer.isFull(Access.CHANGE, 31, 0)).isFalse();
    assertThat(ControlServer.isFull(Access.CHANGE, 32, 0)).isTrue();
    assertThat(ControlServer.isFull(Access.LOOK, 32, 0)).isTrue();
  }

  /** Those who are turned away are still there for a moment, and must not be counted past. */
  @Test
  void nobodySlipsInWhileOthersAreTurnedAway() throws IOException {
    Path path = folder.resolve("run/control.sock");
    BareGate gate = BareGate.of(folder, "doors { d { protects = [ tcp/22 ], knock = [ 7000 ] } }");
    List<ControlClient> clients = new ArrayList<>();
    ControlServer server = ControlServer.start(path, null, gate.room(), gate.faults());
    try {
      for (int i = 0; i < 32 + 64; i++) {
        clients.add(ControlClient.connect(path));
      }
      for (ControlClient client : clients.subList(0, 32)) {
        assertThat(client.ask(Ask.DOORS, Map.of())).hasSize(1);
      }
      for (ControlClient client : clients.subList(32, clients.size())) {
        assertThatThrownBy(() -> client.ask(Ask.DOORS, Map.of())).hasMessageContaining("try again");
      }
    } finally {
      clients.forEach(ControlClient::close);
      server.close();
    }
  }
}

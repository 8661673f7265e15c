package knockgate.gate.cli.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import knockgate.gate.control.Row;
import org.junit.jupiter.api.Test;

class KernelCountersTest {
  private static final Row GATE = Row.parse("{\"what\":\"gate\",\"pid\":77}");
  private static final Row LANE =
      Row.parse(
          "{\"what\":\"lane\",\"queue\":3,\"port_id\":4000000000,\"ring_used\":0,\"ring_size\":64,\"overruns\":5}");
  private static final Map<String, Long> COUNTERS =
      Map.of("waiting", 4L, "queue_dropped", 8L, "socket_dropped", 9L);

  @Test
  void aLaneGetsTheCountersOfItsQueue() {
    List<Row> rows =
        KernelCounters.in(
            List.of(GATE, LANE),
            (queue, portId) -> queue == 3 && portId == 4_000_000_000L ? COUNTERS : Map.of());
    assertThat(rows.get(0)).isSameAs(GATE);
    assertThat(rows.get(1).number("waiting")).isEqualTo(4);
    assertThat(rows.get(1).number("overruns")).isEqualTo(5);
    assertThat(rows.get(1).json())
        .startsWith(LANE.json().replace("}", ","))
        .contains("\"waiting\":4", "\"queue_dropped\":8", "\"socket_dropped\":9");
    assertThat(new StatusText(rows).lines())
        .anyMatch(line -> line.contains("4 waiting, 8 dropped by the queue, 9 by the socket"));
  }

  @Test
  void whereTheKernelShowsNothingNothingIsAdded() {
    List<Row> rows = KernelCounters.in(List.of(GATE, LANE), (queue, portId) -> Map.of());
    assertThat(rows.get(1).has("waiting")).isFalse();
    assertThat(new StatusText(rows).lines())
        .anyMatch(line -> line.contains("the kernel shows its counters to root only"));
  }
}

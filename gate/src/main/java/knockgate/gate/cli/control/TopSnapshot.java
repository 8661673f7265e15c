package knockgate.gate.cli.control;

import java.util.List;
import java.util.Map;
import knockgate.gate.control.Ask;
import knockgate.gate.control.ControlClient;
import knockgate.gate.control.Row;

/**
 * What a gate said of itself at one moment.
 *
 * @param takenNs when, on the monotonic clock
 * @param status the rows of its status
 * @param attempts who is knocking, the furthest along first
 * @param grants who may pass, the first to end first
 */
record TopSnapshot(long takenNs, List<Row> status, List<Row> attempts, List<Row> grants) {

  /**
   * Asks a gate.
   *
   * @param most how many attempts and grants there is room for
   */
  static TopSnapshot take(ControlClient client, int most) {
    Map<String, String> bounds = Map.of("most", Integer.toString(Math.max(1, most)));
    return new TopSnapshot(
        System.nanoTime(),
        KernelCounters.in(client.ask(Ask.STATUS, Map.of())),
        client.ask(Ask.ATTEMPTS, bounds),
        client.ask(Ask.GRANTS, bounds));
  }

  /** The row about the gate as a whole. */
  Row gate() {
    return status.get(0);
  }

  List<Row> lanes() {
    return status.stream().filter(row -> row.what().equals("lane")).toList();
  }

  /** A number of all lanes; 0 where they do not say. */
  long sum(String key) {
    return lanes().stream().mapToLong(lane -> lane.number(key)).sum();
  }

  /** The latencies since the last look. */
  Row latency() {
    return status.stream()
        .filter(row -> row.what().equals("latency") && row.text("since").equals("recent"))
        .findFirst()
        .orElse(gate());
  }
}

package knockgate.gate.cli.control;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import knockgate.gate.control.Row;
import knockgate.gate.doctor.KernelQueues;

/**
 * Puts the kernel's counters of the queues into a status. A gate with a user of its own cannot tell
 * them; whoever asks as root, on the same machine, may look.
 */
final class KernelCounters {
  private KernelCounters() {}

  /** The rows, with the counters in those of queues where they are missing and can be read. */
  static List<Row> in(List<Row> status) {
    boolean complete =
        status.stream().noneMatch(row -> row.what().equals("lane") && !row.has("waiting"));
    return complete ? status : in(status, KernelQueues.read()::of);
  }

  /** The rows with counters of a queue, by its number and the netlink port of its socket. */
  static List<Row> in(List<Row> status, BiFunction<Long, Long, Map<String, Long>> counters) {
    return status.stream()
        .map(
            row ->
                row.what().equals("lane")
                    ? row.and(counters.apply(row.number("queue"), row.number("port_id")))
                    : row)
        .toList();
  }
}

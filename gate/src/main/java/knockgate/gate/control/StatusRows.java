package knockgate.gate.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import knockgate.gate.Counter;
import knockgate.gate.Instruments;
import knockgate.gate.LaneReading;
import knockgate.gate.Latencies;

/** How the gate is, in numbers. */
final class StatusRows {
  private final ControlRoom room;
  private final Instruments dials;

  StatusRows(ControlRoom room) {
    this.room = room;
    dials = room.instruments();
  }

  void write(Answer answer) {
    answer.add(gate());
    answer.add(latency("start", dials.latency()));
    answer.add(latency("recent", dials.recentLatency()));
    dials.lanes().forEach(lane -> answer.add(lane(lane)));
    dials
        .faults()
        .forEach(
            (fault, count) -> answer.add(Row.of("fault").with("text", fault).with("count", count)));
  }

  private Row gate() {
    Row row =
        Row.of("gate")
            .with("pid", ProcessHandle.current().pid())
            .with("uptime_ms", dials.uptimeMs())
            .with("policy", room.current().file().toAbsolutePath().toString())
            .with("mode", room.policy().observe() ? "observe" : "enforce")
            .with("confirmation", room.current().trial().name().toLowerCase(Locale.ROOT))
            .with("doors", room.policy().doors().size())
            .with("attempts", dials.attempts())
            .with("attempts_limit", dials.attemptLimit())
            .with("grants_held", dials.grants())
            .with("grants_limit", dials.grantLimit());
    for (Counter counter : Counter.values()) {
      row.with(counter.name().toLowerCase(Locale.ROOT), dials.count(counter));
    }
    return row.with("events_waiting", dials.eventsWaiting())
        .with("events_limit", dials.eventsLimit())
        .with("events_not_followed", dials.eventsNotFollowed())
        .with("resident_bytes", residentBytes())
        .with("heap_bytes", Runtime.getRuntime().totalMemory());
  }

  private static Row latency(String since, Latencies.Quantiles of) {
    return Row.of("latency")
        .with("since", since)
        .with("packets", of.count())
        .with("p50_ns", of.p50())
        .with("p90_ns", of.p90())
        .with("p99_ns", of.p99())
        .with("p999_ns", of.p999())
        .with("max_ns", of.max());
  }

  private static Row lane(LaneReading lane) {
    Row row =
        Row.of("lane")
            .with("queue", lane.queue())
            .with("port_id", lane.portId())
            .with("ring_used", lane.ringUsed())
            .with("ring_size", lane.ringSize())
            .with("buffer_bytes", lane.bufferBytes())
            .with("overruns", lane.overruns())
            .with("truncated", lane.truncated())
            .with("refused_verdicts", lane.refusedVerdicts())
            .with("retried_sends", lane.retriedSends())
            .with("malformed", lane.malformed());
    LaneReading.Kernel kernel = lane.kernel();
    if (kernel != null) {
      row.with("waiting", kernel.waiting())
          .with("queue_dropped", kernel.queueDropped())
          .with("socket_dropped", kernel.socketDropped());
    }
    return row;
  }

  /** What /proc says of this process; 0 = it says nothing. */
  private static long residentBytes() {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}

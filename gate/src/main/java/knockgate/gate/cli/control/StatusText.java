package knockgate.gate.cli.control;

import java.util.ArrayList;
import java.util.List;
import knockgate.gate.control.Row;
import knockgate.gate.control.Span;

/** The rows of a status as a person reads them. */
final class StatusText {
  private static final long MEGABYTE = 1 << 20;

  private final List<Row> rows;
  private final List<String> lines = new ArrayList<>();

  StatusText(List<Row> rows) {
    this.rows = rows;
  }

  List<String> lines() {
    rows.stream().filter(row -> row.what().equals("gate")).forEach(this::gate);
    rows.stream()
        .filter(row -> row.what().equals("latency") && row.text("since").equals("start"))
        .forEach(row -> line("latency", latency(row)));
    rows.stream()
        .filter(row -> row.what().equals("lane"))
        .forEach(row -> line("queue " + row.text("queue"), lane(row)));
    rows.stream()
        .filter(row -> row.what().equals("fault"))
        .forEach(row -> line("fault", row.text("count") + " x " + row.text("text")));
    return lines;
  }

  private void line(String label, String text) {
    lines.add(label + " ".repeat(Math.max(1, 10 - label.length())) + text);
  }

  private static String counted(Row row, String key, String noun) {
    return row.text(key) + " " + noun + (row.number(key) == 1 ? "" : "s");
  }

  private void gate(Row row) {
    line("gate", process(row));
    trial(row.has("confirmation") ? row.text("confirmation") : "none");
    line("state", state(row));
    line("packets", packets(row));
    line("knocks", knocks(row));
    line("events", events(row));
    if (row.number("hooks") > 0) {
      line("hooks", row.text("hooks") + " started, " + row.text("hooks_failed") + " failed");
    }
    line("memory", memory(row));
  }

  private static String process(Row row) {
    return "pid "
        + row.text("pid")
        + ", up "
        + Span.text(row.number("uptime_ms"))
        + ", "
        + (row.text("mode").equals("observe") ? "ONLY OBSERVING " : "enforcing ")
        + row.text("policy");
  }

  private void trial(String confirmation) {
    switch (confirmation) {
      case "waiting" -> line("trial", "observes soon unless: knockgate confirm");
      case "missed" -> line("trial", "not confirmed in time; to enforce: knockgate observe off");
      default -> {}
    }
  }

  private static String state(Row row) {
    return counted(row, "doors", "door")
        + ", "
        + row.text("attempts")
        + " of "
        + row.text("attempts_limit")
        + " attempts, "
        + row.text("grants_held")
        + " of "
        + row.text("grants_limit")
        + " grants";
  }

  private static String packets(Row row) {
    return row.text("packets")
        + ": "
        + row.text("accepted")
        + " accepted ("
        + row.text("admitted")
        + " by a grant, "
        + row.text("rescued")
        + " by rescue), "
        + row.text("dropped")
        + " dropped ("
        + row.text("refused")
        + " without a grant, "
        + row.text("unparsable")
        + " unreadable)";
  }

  private static String knocks(Row row) {
    return row.text("knocks")
        + " counted, "
        + counted(row, "grants", "grant")
        + ", "
        + row.text("wrong_knocks")
        + " wrong, "
        + row.text("late_knocks")
        + " late, "
        + row.text("over_budget")
        + " over budget, "
        + row.text("table_full")
        + " without room";
  }

  private static String events(Row row) {
    return row.text("events_waiting")
        + " waiting, "
        + row.text("events_lost")
        + " lost, "
        + row.text("events_suppressed")
        + " left out in floods";
  }

  private static String memory(Row row) {
    return row.number("resident_bytes") / MEGABYTE
        + " MB, heap "
        + row.number("heap_bytes") / MEGABYTE
        + " MB";
  }

  private static String latency(Row row) {
    return row.number("packets") == 0
        ? "no packets yet"
        : "p50 "
            + nanos(row.number("p50_ns"))
            + ", p99 "
            + nanos(row.number("p99_ns"))
            + ", p99.9 "
            + nanos(row.number("p999_ns"))
            + ", max "
            + nanos(row.number("max_ns"));
  }

  /** Such as {@code 74 us} or {@code 1.2 ms}. */
  static String nanos(long ns) {
    if (ns < 1_000_000) {
      return ns / 1000 + " us";
    }
    return ns < 10_000_000
        ? ns / 1_000_000 + "." + ns / 100_000 % 10 + " ms"
        : Span.text(ns / 1_000_000);
  }

  private static String lane(Row row) {
    String kernel =
        row.has("waiting")
            ? row.text("waiting")
                + " waiting, "
                + row.text("queue_dropped")
                + " dropped by the queue, "
                + row.text("socket_dropped")
                + " by the socket"
            : "the kernel shows its counters to root only";
    return kernel
        + "; "
        + row.text("overruns")
        + " overruns, ring "
        + row.text("ring_used")
        + " of "
        + row.text("ring_size");
  }
}

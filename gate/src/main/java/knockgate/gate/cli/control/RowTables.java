package knockgate.gate.cli.control;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import knockgate.gate.control.Row;
import knockgate.gate.control.Span;

/** The gate's lists as tables. */
final class RowTables {
  private static final String NONE = "-";

  private RowTables() {}

  static Table doors(List<Row> rows) {
    boolean withKnocks = rows.stream().anyMatch(row -> row.has("knock"));
    Table table =
        withKnocks
            ? new Table(
                "DOOR", "OPENS", "TIME", "CLOSES", "ATTEMPTS", "GRANTS", "PROTECTS", "KNOCK")
            : new Table("DOOR", "OPENS", "TIME", "CLOSES", "ATTEMPTS", "GRANTS", "PROTECTS");
    for (Row row : rows) {
      String time = row.has("time_ms") ? span(row, "time_ms") : span(row, "window_ms");
      String[] cells = {
        row.text("door"),
        row.text("opens"),
        time,
        row.has("autoclose_ms") ? "after " + span(row, "autoclose_ms") : "never",
        row.text("attempts"),
        row.text("grants"),
        row.text("protects"),
        row.text("knock")
      };
      table.row(withKnocks ? cells : Arrays.copyOf(cells, cells.length - 1));
    }
    return table;
  }

  static Table attempts(List<Row> rows) {
    Table table = new Table("DOOR", "PEER", "STEP", "LAST KNOCK", "TIME LEFT");
    for (Row row : rows) {
      table.row(
          row.text("door"),
          row.text("peer"),
          row.text("step") + " of " + row.text("steps"),
          span(row, "last_ago_ms") + " ago",
          span(row, "left_ms"));
    }
    return table;
  }

  static Table grants(List<Row> rows) {
    Table table = new Table("DOOR", "PEER", "TIME LEFT", "CONNECTIONS", "PORT");
    for (Row row : rows) {
      table.row(
          row.text("door"),
          row.text("peer"),
          row.has("left_ms") ? span(row, "left_ms") : "for ever",
          row.has("connections") ? row.text("connections") : "unlimited",
          row.has("port") ? row.text("port") : "all");
    }
    return table;
  }

  /** Grants as sentences. */
  static void printStanding(List<Row> rows, PrintWriter out) {
    rows.forEach(row -> out.println(standing(row)));
  }

  private static String standing(Row row) {
    return "Door "
        + row.text("door")
        + " is open to "
        + row.text("peer")
        + (row.has("left_ms") ? " for " + span(row, "left_ms") : " until it is revoked")
        + (row.has("connections") ? ", " + row.text("connections") + " connections" : "")
        + ".";
  }

  private static String span(Row row, String key) {
    return row.has(key) ? Span.text(row.number(key)) : NONE;
  }
}

package knockgate.gate.control;

import java.nio.charset.StandardCharsets;
import java.util.List;
import knockgate.gate.BareGate;

/** Asks a gate, past its socket. */
final class Asked {
  private Asked() {}

  static List<Row> rows(BareGate gate, Access access, String request) {
    Answer answer = new Answers(gate.room(), () -> {}).to(request, new Client(access, "root"));
    return StandardCharsets.UTF_8
        .decode(answer.bytes())
        .toString()
        .lines()
        .map(Row::parse)
        .toList();
  }

  /** The rows before the last, with everything allowed; fails when it was refused. */
  static List<Row> rows(BareGate gate, String request) {
    List<Row> rows = rows(gate, Access.CHANGE, request);
    Row end = rows.get(rows.size() - 1);
    if (!end.flag("ok")) {
      throw new AssertionError(request + " was refused: " + end.text("text"));
    }
    return rows.subList(0, rows.size() - 1);
  }

  /** The same, as a program reads them. */
  static List<String> json(BareGate gate, String request) {
    return rows(gate, request).stream().map(Row::json).toList();
  }

  /** The texts of the rows of a kind. */
  static List<String> texts(BareGate gate, String request, String what) {
    return rows(gate, request).stream()
        .filter(row -> row.what().equals(what))
        .map(row -> row.text("text"))
        .toList();
  }

  /** Code and sentence of a refusal. */
  static String refusal(BareGate gate, Access access, String request) {
    List<Row> rows = rows(gate, access, request);
    Row end = rows.get(rows.size() - 1);
    if (end.flag("ok")) {
      throw new AssertionError(request + " was not refused");
    }
    return end.number("exit") + " " + end.text("text");
  }
}

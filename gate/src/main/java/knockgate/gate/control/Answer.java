package knockgate.gate.control;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import knockgate.gate.fault.ExitCode;

/** The lines of one answer. Bounded by whoever adds rows: {@link #MOST_ROWS} of a kind. */
final class Answer {
  /** Most rows of a list; about a megabyte. */
  static final int MOST_ROWS = 10_000;

  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private int rows;
  private long followsFrom = -1;

  void add(Row row) {
    byte[] line = row.json().getBytes(StandardCharsets.UTF_8);
    lines.writeBytes(line);
    lines.write('\n');
    rows++;
  }

  /** How many rows were added. */
  int rows() {
    return rows;
  }

  /** Adds a line that is JSON already, with its end. */
  void addLine(byte[] line) {
    lines.writeBytes(line);
  }

  /** All is said. */
  void end() {
    add(Row.of("end").with("ok", true));
  }

  /** It was not done, or is not so. */
  void refuse(ExitCode exitCode, String sentence) {
    add(Row.of("end").with("ok", false).with("exit", exitCode.number()).with("text", sentence));
  }

  /** Events go on behind these lines, from a place among all decisions on. */
  void followFrom(long order) {
    followsFrom = order;
  }

  boolean follows() {
    return followsFrom >= 0;
  }

  /** Negative = nothing follows. */
  long followsFrom() {
    return followsFrom;
  }

  ByteBuffer bytes() {
    return ByteBuffer.wrap(lines.toByteArray());
  }
}

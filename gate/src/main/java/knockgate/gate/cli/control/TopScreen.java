package knockgate.gate.cli.control;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import knockgate.gate.control.Row;
import knockgate.gate.control.Span;
import org.jspecify.annotations.Nullable;

/**
 * The picture that {@code top} shows: lines that fit a screen, each with the one reason why it may
 * stand out. Draws nothing itself.
 *
 * <pre>
 *   one line     who, since when, in which mode
 *   five lines   packets, verdict latency, kernel queue, rings, tables
 *   the rest     attempts above, grants below; what one does not need the other has
 * </pre>
 */
final class TopScreen {
  /** Why a line may stand out. */
  enum Style {
    PLAIN,
    /** It says what the lines below are. */
    HEADING,
    /** Something is lost, or not as it should be. */
    ALARM
  }

  /** One line of the screen. */
  record Line(String text, Style style) {}

  private static final int FIXED_LINES = 12;
  private static final int BAR = 10;

  /** Steps up to which each has a place of its own in an attempt's bar. */
  private static final int MOST_PLACES = 6;

  /** Columns of what stands behind door and peer. */
  private static final int THIRD = 13;

  private static final int FOURTH = 10;
  private static final int LAST = 11;

  /** A door's name may be cut to so many columns, an IPv6 address never. */
  private static final int NARROWEST_DOOR = 6;

  private static final String KEYS = "q quit   p pause";

  private final TopSnapshot now;
  private final @Nullable TopSnapshot before;
  private final int width;
  private final int height;
  private final List<Line> lines = new ArrayList<>();

  /**
   * A picture.
   *
   * @param before for the rates; null = there was none
   * @param width columns, 1 or more
   * @param height lines, 1 or more
   */
  TopScreen(TopSnapshot now, @Nullable TopSnapshot before, int width, int height) {
    this.now = now;
    this.before = before;
    this.width = width;
    this.height = height;
  }

  /** How many rows of lists a screen of that height has room for. */
  static int room(int height) {
    return Math.max(2, height - FIXED_LINES);
  }

  /** The lines from above and the keys, as many as the height, none longer than the width. */
  List<Line> lines(boolean paused) {
    picture();
    while (lines.size() < height - 1) {
      line("", Style.PLAIN);
    }
    line(paused ? KEYS + "   PAUSED" : KEYS, paused ? Style.ALARM : Style.PLAIN);
    return lines.size() <= height ? lines : lines.subList(0, height);
  }

  /** The same for paper: without keys, and as long as it needs to be. */
  List<Line> picture() {
    Row gate = now.gate();
    boolean observing = gate.text("mode").equals("observe");
    line(
        "knockgate  up "
            + Span.text(gate.number("uptime_ms"))
            + (observing ? "  ONLY OBSERVING  " : "  enforcing  ")
            + gate.text("policy"),
        observing ? Style.ALARM : Style.PLAIN);
    packets(gate);
    latency(now.latency());
    kernel();
    rings(gate);
    tables(gate);
    lists();
    return lines;
  }

  private void line(String text, Style style) {
    lines.add(new Line(text.length() <= width ? text : text.substring(0, width), style));
  }

  private void packets(Row gate) {
    line(
        "packets   "
            + rate("packets")
            + "   accepted "
            + rate("accepted")
            + "   dropped "
            + rate("dropped")
            + "   total "
            + gate.text("packets"),
        Style.PLAIN);
  }

  private String rate(String key) {
    TopSnapshot last = before;
    if (last == null) {
      return "-/s";
    }
    double seconds = Math.max(1, now.takenNs() - last.takenNs()) / 1e9;
    return Math.round((now.gate().number(key) - last.gate().number(key)) / seconds) + "/s";
  }

  private void latency(Row of) {
    String text =
        of.number("packets") == 0
            ? "no packets since the last look"
            : "p50 "
                + StatusText.nanos(of.number("p50_ns"))
                + "   p90 "
                + StatusText.nanos(of.number("p90_ns"))
                + "   p99 "
                + StatusText.nanos(of.number("p99_ns"))
                + "   p99.9 "
                + StatusText.nanos(of.number("p999_ns"))
                + "   max "
                + StatusText.nanos(of.number("max_ns"));
    line("verdict   " + text, Style.PLAIN);
  }

  private void kernel() {
    boolean told = now.lanes().stream().allMatch(lane -> lane.has("waiting"));
    String kernel =
        told
            ? "waiting "
                + now.sum("waiting")
                + "   dropped "
                + now.sum("queue_dropped")
                + " by queue, "
                + now.sum("socket_dropped")
                + " by socket"
            : "its counters are for root";
    line(
        "kernel    " + kernel + "   overruns " + now.sum("overruns"),
        hasGrown("queue_dropped") || hasGrown("socket_dropped") || hasGrown("overruns")
            ? Style.ALARM
            : Style.PLAIN);
  }

  private boolean hasGrown(String key) {
    TopSnapshot last = before;
    return last != null && now.sum(key) > last.sum(key);
  }

  private void rings(Row gate) {
    TopSnapshot last = before;
    String lost = "events_lost";
    boolean loses = last != null && gate.number(lost) > last.gate().number(lost);
    line(
        "rings     packets "
            + filled(now.sum("ring_used"), now.sum("ring_size"))
            + "   events "
            + filled(gate.number("events_waiting"), gate.number("events_limit"))
            + ", "
            + gate.text(lost)
            + " lost",
        loses ? Style.ALARM : Style.PLAIN);
  }

  private static String filled(long part, long whole) {
    return bar(part, whole) + " " + part + "/" + whole;
  }

  private void tables(Row gate) {
    boolean faults = now.status().stream().anyMatch(row -> row.what().equals("fault"));
    line(
        "tables    attempts "
            + gate.text("attempts")
            + "/"
            + gate.text("attempts_limit")
            + "   grants "
            + gate.text("grants_held")
            + "/"
            + gate.text("grants_limit")
            + (faults ? "   FAULTS, see status" : ""),
        faults ? Style.ALARM : Style.PLAIN);
  }

  /** Half of the room for each; what one does not need the other may have. */
  private void lists() {
    int room = Math.max(0, height - FIXED_LINES);
    int half = room / 2;
    int attempts = Math.min(now.attempts().size(), Math.max(half, room - now.grants().size()));
    int grants = Math.min(now.grants().size(), room - attempts);
    line("", Style.PLAIN);
    line(columns("ATTEMPTS", "PEER", "STEP", "IDLE", "TIME LEFT"), Style.HEADING);
    now.attempts().stream().limit(attempts).forEach(this::attempt);
    more(now.attempts().size(), attempts, now.gate().number("attempts"));
    line(columns("GRANTS", "PEER", "CONNECTIONS", "PORT", "TIME LEFT"), Style.HEADING);
    now.grants().stream().limit(grants).forEach(this::grant);
    more(now.grants().size(), grants, now.gate().number("grants_held"));
  }

  /** The tables count what has ended and was not swept yet, so only a full list has more. */
  private void more(int listed, int shown, long all) {
    if (listed > shown || listed >= room(height)) {
      line("  ... and " + Math.max(listed - shown, all - shown) + " more", Style.PLAIN);
    }
  }

  private void attempt(Row row) {
    line(
        columns(
            row.text("door"),
            row.text("peer"),
            steps(row.number("step"), row.number("steps")),
            Span.text(row.number("last_ago_ms")),
            Span.text(row.number("left_ms"))),
        Style.PLAIN);
  }

  /** Such as {@code [##-] 2/3}. */
  private static String steps(long passed, long all) {
    String numbers = passed + "/" + all;
    return all > MOST_PLACES ? numbers : "[" + places((int) passed, (int) all) + "] " + numbers;
  }

  private static String places(int full, int all) {
    return "#".repeat(full) + "-".repeat(Math.max(0, all - full));
  }

  private void grant(Row row) {
    line(
        columns(
            row.text("door"),
            row.text("peer"),
            row.has("connections") ? row.text("connections") : "unlimited",
            row.has("port") ? row.text("port") : "all",
            row.has("left_ms") ? Span.text(row.number("left_ms")) : "for ever"),
        Style.PLAIN);
  }

  /** Peers are told whole, also in 80 columns; doors have what is left. */
  private String columns(String door, String peer, String third, String fourth, String last) {
    int peerWidth = 1 + longest("peer");
    int left = width - peerWidth - THIRD - FOURTH - LAST;
    int doorWidth = Math.max(NARROWEST_DOOR, Math.min(left, 1 + longest("door")));
    return cell(door, doorWidth)
        + cell(peer, peerWidth)
        + cell(third, THIRD)
        + cell(fourth, FOURTH)
        + last;
  }

  private int longest(String key) {
    return Stream.concat(now.attempts().stream(), now.grants().stream())
        .mapToInt(row -> row.text(key).length())
        .reduce("ATTEMPTS".length(), Math::max);
  }

  private static String cell(String text, int cellWidth) {
    String cut = text.length() < cellWidth ? text : text.substring(0, cellWidth - 2) + "~";
    return cut + " ".repeat(cellWidth - cut.length());
  }

  private static String bar(long part, long whole) {
    int full = whole <= 0 ? 0 : (int) Math.min(BAR, (part * BAR + whole - 1) / whole);
    return "[" + places(full, BAR) + "]";
  }
}

package knockgate.gate.cli.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import knockgate.gate.control.Ask;
import knockgate.gate.control.Row;
import knockgate.gate.control.Span;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code knockgate why}: what became of a peer. */
@Command(
    name = "why",
    description = {
      "Explain a peer: how it stands, what was seen of it, and what was missing.",
      "The gate remembers its latest 16384 decisions on strangers, and as many others."
    },
    footerHeading = "%nExamples:%n",
    footer = "  knockgate why 203.0.113.9")
public final class WhyCommand implements Runnable {
  private static final int WIDTH = 80;

  @Mixin private ControlSocket socket = new ControlSocket();

  @Parameters(paramLabel = "PEER", description = "address or prefix")
  private String peer = "";

  @Override
  public void run() {
    socket.tell(
        Ask.WHY,
        Map.of("peer", peer),
        (rows, out) -> lines(rows, peer.contains("/")).forEach(out::println));
  }

  /**
   * The screen.
   *
   * @param prefix whether the question was about several peers, so that each line tells whose it is
   */
  static List<String> lines(List<Row> rows, boolean prefix) {
    List<String> lines = new ArrayList<>();
    rows.stream()
        .filter(row -> row.what().equals("state"))
        .forEach(row -> wrap(row.text("text"), "", lines));
    List<Row> seen = rows.stream().filter(row -> row.what().equals("seen")).toList();
    if (!seen.isEmpty()) {
      lines.add("");
      lines.add("Seen, the latest last:");
      int doorWidth = seen.stream().mapToInt(row -> row.text("door").length()).max().orElse(0);
      seen.forEach(row -> wrap(seen(row, doorWidth, prefix), " ".repeat(16 + doorWidth), lines));
    }
    List<Row> missing = rows.stream().filter(row -> row.what().equals("missing")).toList();
    if (!missing.isEmpty()) {
      lines.add("");
      missing.forEach(row -> wrap(row.text("text"), "  ", lines));
    }
    return lines;
  }

  private static String seen(Row row, int doorWidth, boolean tellsPeer) {
    String ago = Span.text(row.number("ago_ms")) + " ago";
    String door = row.text("door");
    long times = row.number("times");
    return " ".repeat(Math.max(0, 12 - ago.length()))
        + ago
        + "  "
        + door
        + " ".repeat(doorWidth - door.length() + 2)
        + (tellsPeer ? row.text("peer") + "  " : "")
        + row.text("text")
        + (times > 1 ? " (" + times + " times)" : "");
  }

  /** Breaks a line between words; what goes on is indented. */
  private static void wrap(String text, String indent, List<String> lines) {
    String rest = text;
    while (rest.length() > WIDTH) {
      int cut = rest.lastIndexOf(' ', WIDTH);
      if (cut <= indent.length()) {
        break;
      }
      lines.add(rest.substring(0, cut));
      rest = indent + rest.substring(cut + 1);
    }
    lines.add(rest);
  }
}

package knockgate.gate.cli.control;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import knockgate.gate.control.Ask;
import knockgate.gate.control.ControlClient;
import knockgate.gate.control.Row;
import knockgate.gate.fault.Failure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code knockgate events}: the latest, and those to come. */
@Command(
    name = "events",
    description = "Print the latest events that the gate remembers.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate events --follow",
      "  knockgate events -f --json | jq 'select(.event == \"grant\")'",
    })
public final class EventsCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ControlSocket socket = new ControlSocket();

  @Option(
      names = {"-f", "--follow"},
      description = "go on with what comes, until interrupted")
  private boolean follow;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      description = "how many to begin with, at most (default: ${DEFAULT-VALUE})")
  private int most = 50;

  @Override
  public void run() {
    if (most < 1) {
      throw new ParameterException(requireNonNull(spec).commandLine(), "--lines is 1 or more");
    }
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("most", Integer.toString(most));
    if (follow) {
      fields.put("follow", "yes");
    }
    try (ControlClient client = socket.connect()) {
      client.ask(Ask.EVENTS, fields, row -> print(row, out, client));
    } catch (Failure e) {
      if (!out.checkError()) {
        throw e;
      }
    }
  }

  /** Whoever reads us may leave, as {@code head} does: then there is nothing left to do. */
  private void print(Row row, PrintWriter out, ControlClient client) {
    out.println(socket.json() ? row.json() : line(row));
    if (out.checkError()) {
      client.close();
    }
  }

  /** Such as {@code 12:00:00.123 knock imap 203.0.113.9 tcp/4001 2 of 3: next knock, in time}. */
  static String line(Row row) {
    StringBuilder line = new StringBuilder(row.text("time").replaceFirst("^.*T(.*)Z$", "$1"));
    pad(line, 14).append(row.text("event"));
    pad(line, 25).append(row.text("door"));
    pad(line, 36).append(row.text("peer"));
    if (row.has("protocol")) {
      line.append(' ').append(row.text("protocol")).append('/').append(row.text("port"));
    }
    if (row.has("steps")) {
      line.append(' ').append(row.text("step")).append(" of ").append(row.text("steps"));
    }
    line.append(": ").append(row.text("text"));
    return row.flag("observed") ? line.append(" (only observed)").toString() : line.toString();
  }

  private static StringBuilder pad(StringBuilder line, int column) {
    do {
      line.append(' ');
    } while (line.length() < column);
    return line;
  }
}

package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import knockgate.gate.control.Ask;
import knockgate.gate.control.Row;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code knockgate extend}: a later end. */
@Command(
    name = "extend",
    description = {"Let a grant end later."},
    footerHeading = "%nExamples:%n",
    footer = {"  knockgate extend imap 203.0.113.9 --for 2h"})
final class ExtendCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ControlSocket socket = new ControlSocket();

  @Parameters(index = "0", paramLabel = "DOOR", description = "name of the door")
  private String door = "";

  @Parameters(index = "1", paramLabel = "PEER", description = "address or prefix of the peer")
  private String peer = "";

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description =
          "how long from now on, such as 10m, or never (default: as long as the door says)")
  private @Nullable String lasts;

  @Override
  public void run() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("door", door);
    fields.put("peer", peer);
    if (lasts != null) {
      fields.put("for", lasts);
    }
    List<Row> rows = socket.ask(Ask.EXTEND, fields);
    for (Row row : rows) {
      out.println(socket.json() ? row.json() : RowTables.standing(row));
    }
  }
}

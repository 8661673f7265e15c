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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code knockgate revoke}: the end of a grant. */
@Command(
    name = "revoke",
    description = {"Take back what a peer, or all peers of a prefix, hold for a door."},
    footerHeading = "%nExamples:%n",
    footer = {"  knockgate revoke imap 203.0.113.9", "  knockgate revoke imap 203.0.113.0/24"})
final class RevokeCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ControlSocket socket = new ControlSocket();

  @Parameters(index = "0", paramLabel = "DOOR", description = "name of the door")
  private String door = "";

  @Parameters(index = "1", paramLabel = "PEER", description = "address or prefix of the peer")
  private String peer = "";

  @Override
  public void run() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("door", door);
    fields.put("peer", peer);
    List<Row> rows = socket.ask(Ask.REVOKE, fields);
    for (Row row : rows) {
      out.println(
          socket.json()
              ? row.json()
              : "Door " + row.text("door") + " is closed to " + row.text("peer") + ".");
    }
  }
}

package knockgate.gate.cli.control;

import knockgate.gate.control.Ask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code knockgate grants}: who may pass. */
@Command(
    name = "grants",
    description = {"List who may pass which door, the first to end first."},
    footerHeading = "%nExamples:%n",
    footer = {"  knockgate grants", "  knockgate grants imap --json | jq -r .peer"})
public final class GrantsCommand implements Runnable {
  @Mixin private ControlSocket socket = new ControlSocket();
  @Mixin private DoorChoice door = new DoorChoice();

  @Override
  public void run() {
    socket.tell(
        Ask.GRANTS,
        door.fields(),
        (rows, out) -> RowTables.grants(rows).print(out, "Nobody holds a grant."));
  }
}

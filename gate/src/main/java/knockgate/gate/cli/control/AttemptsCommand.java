package knockgate.gate.cli.control;

import knockgate.gate.control.Ask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code knockgate attempts}: who is knocking. */
@Command(
    name = "attempts",
    description = {"List who is in the middle of a sequence, the furthest along first."},
    footerHeading = "%nExamples:%n",
    footer = {"  knockgate attempts imap"})
public final class AttemptsCommand implements Runnable {
  @Mixin private ControlSocket socket = new ControlSocket();
  @Mixin private DoorChoice door = new DoorChoice();

  @Override
  public void run() {
    socket.tell(
        Ask.ATTEMPTS,
        door.fields(),
        (rows, out) ->
            RowTables.attempts(rows).print(out, "Nobody is in the middle of a sequence."));
  }
}

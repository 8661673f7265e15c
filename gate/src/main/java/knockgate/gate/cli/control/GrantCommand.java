package knockgate.gate.cli.control;

import knockgate.gate.control.Ask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code knockgate grant}: a grant by hand. */
@Command(
    name = "grant",
    description = {"Open a door to a peer by hand."},
    footerHeading = "%nExamples:%n",
    footer = {"  knockgate grant imap 203.0.113.9 --for 10m"})
public final class GrantCommand implements Runnable {
  @Mixin private ControlSocket socket = new ControlSocket();
  @Mixin private GrantOrder order = new GrantOrder();

  @Override
  public void run() {
    socket.tell(Ask.GRANT, order.fields(), RowTables::printStanding);
  }
}

package knockgate.gate.cli.control;

import knockgate.gate.control.Ask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code knockgate extend}: a later end. */
@Command(
    name = "extend",
    description = {"Let a grant end later."},
    footerHeading = "%nExamples:%n",
    footer = {"  knockgate extend imap 203.0.113.9 --for 2h"})
public final class ExtendCommand implements Runnable {
  @Mixin private ControlSocket socket = new ControlSocket();
  @Mixin private GrantOrder order = new GrantOrder();

  @Override
  public void run() {
    socket.tell(Ask.EXTEND, order.fields(), RowTables::printStanding);
  }
}

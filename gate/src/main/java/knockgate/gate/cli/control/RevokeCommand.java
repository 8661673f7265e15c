package knockgate.gate.cli.control;

import knockgate.gate.control.Ask;
import knockgate.gate.control.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code knockgate revoke}: the end of a grant. */
@Command(
    name = "revoke",
    description = {"Take back what a peer, or all peers of a prefix, hold for a door."},
    footerHeading = "%nExamples:%n",
    footer = {"  knockgate revoke imap 203.0.113.9", "  knockgate revoke imap 203.0.113.0/24"})
public final class RevokeCommand implements Runnable {
  @Mixin private ControlSocket socket = new ControlSocket();
  @Mixin private PeerAtDoor peer = new PeerAtDoor();

  @Override
  public void run() {
    socket.tell(
        Ask.REVOKE, peer.fields(), (rows, out) -> rows.forEach(row -> out.println(inWords(row))));
  }

  private static String inWords(Row row) {
    return "Door " + row.text("door") + " is closed to " + row.text("peer") + ".";
  }
}

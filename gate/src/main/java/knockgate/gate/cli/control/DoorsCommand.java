package knockgate.gate.cli.control;

import java.util.Map;
import knockgate.gate.control.Ask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code knockgate doors}: the doors of the policy in use. */
@Command(
    name = "doors",
    description = {
      "List the doors of the policy in use, and how many are before and behind each.",
      "What opens a door is shown to root only."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  knockgate doors"})
public final class DoorsCommand implements Runnable {
  @Mixin private ControlSocket socket = new ControlSocket();

  @Override
  public void run() {
    socket.tell(
        Ask.DOORS,
        Map.of(),
        (rows, out) -> RowTables.doors(rows).print(out, "The policy has no doors."));
  }
}

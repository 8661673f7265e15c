package knockgate.gate.cli.control;

import java.util.Map;
import knockgate.gate.control.Ask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code knockgate status}: the gate in numbers. */
@Command(
    name = "status",
    description = "Show how the running gate is.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate status",
      "  knockgate status --pknock imap     what /proc/net/xt_pknock/imap would print",
    })
public final class StatusCommand implements Runnable {
  @Mixin private ControlSocket socket = new ControlSocket();

  @Option(
      names = "--pknock",
      paramLabel = "DOOR",
      description = "print the lines that xt_pknock had for a rule of that name")
  private @Nullable String pknock;

  @Override
  public void run() {
    if (pknock == null) {
      socket.print(
          KernelCounters.in(socket.ask(Ask.STATUS, Map.of())),
          (rows, out) -> new StatusText(rows).lines().forEach(out::println));
    } else {
      socket.tell(
          Ask.PKNOCK,
          Map.of("door", pknock),
          (rows, out) -> rows.forEach(row -> out.println(row.text("text"))));
    }
  }
}

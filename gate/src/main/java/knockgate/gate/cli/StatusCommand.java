package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import knockgate.gate.control.Ask;
import knockgate.gate.control.Row;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code knockgate status}: the gate in numbers. */
@Command(
    name = "status",
    description = "Show how the running gate is.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate status",
      "  knockgate status --pknock imap     what /proc/net/xt_pknock/imap would print",
    })
final class StatusCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ControlSocket socket = new ControlSocket();

  @Option(
      names = "--pknock",
      paramLabel = "DOOR",
      description = "print the lines that xt_pknock had for a rule of that name")
  private @Nullable String pknock;

  @Override
  public void run() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    String door = pknock;
    List<Row> rows =
        door == null
            ? KernelCounters.in(socket.ask(Ask.STATUS, Map.of()))
            : socket.ask(Ask.PKNOCK, Map.of("door", door));
    if (socket.json()) {
      rows.forEach(row -> out.println(row.json()));
    } else if (door != null) {
      rows.forEach(row -> out.println(row.text("text")));
    } else {
      new StatusText(rows).lines().forEach(out::println);
    }
  }
}

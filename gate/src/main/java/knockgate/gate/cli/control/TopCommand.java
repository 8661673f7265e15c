package knockgate.gate.cli.control;

import static java.util.Objects.requireNonNull;

import java.io.IOError;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import knockgate.gate.control.ControlClient;
import knockgate.gate.control.Row;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code knockgate top}: the gate, live. */
@Command(
    name = "top",
    header = "Show the gate live.",
    description = {
      "%nAttempts step by step, grants with the time they have left, packets, drops, the kernel's"
          + " queue, and how long verdicts take.",
      "%nKeys: q quits, p pauses. NO_COLOR is heeded.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate top",
      "  knockgate top --count 1 | cat      one picture, for a script or a ticket",
    })
public final class TopCommand implements Runnable {
  private static final int USUAL_WIDTH = 80;
  private static final int USUAL_HEIGHT = 24;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ControlSocket socket = new ControlSocket();

  @Option(
      names = {"-d", "--delay"},
      paramLabel = "SECONDS",
      description = "time between two pictures (default: ${DEFAULT-VALUE})")
  private double delay = 1;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "print N pictures, without taking the screen over")
  private @Nullable Integer count;

  @Override
  public void run() {
    if (!(delay >= 0.1 && delay <= 3600) || (count != null && count < 1)) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), "--delay is 0.1 to 3600, --count 1 or more");
    }
    long delayMs = Math.round(delay * 1000);
    try (ControlClient client = socket.connect()) {
      if (socket.json() || count != null) {
        print(client, delayMs);
      } else {
        TopTerminal.show(client, delayMs);
      }
    } catch (IOException | IOError e) { // JLine's way to say that the terminal has gone
      throw new Failure(ExitCode.CANNOT, "the terminal cannot be used: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void print(ControlClient client, long delayMs) throws InterruptedException {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    TopSnapshot before = null;
    int pictures = count == null ? Integer.MAX_VALUE : count;
    for (int i = 0; i < pictures && !out.checkError(); i++) {
      if (i > 0) {
        Thread.sleep(delayMs);
      }
      TopSnapshot now = TopSnapshot.take(client, TopScreen.room(USUAL_HEIGHT));
      if (socket.json()) {
        for (List<Row> rows : List.of(now.status(), now.attempts(), now.grants())) {
          rows.forEach(row -> out.println(row.json()));
        }
      } else {
        new TopScreen(now, before, USUAL_WIDTH, USUAL_HEIGHT)
            .picture()
            .forEach(line -> out.println(line.text()));
      }
      before = now;
    }
  }
}

package knockgate.gate.cli.control;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import knockgate.gate.control.ControlClient;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.process.Signals;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/**
 * {@code top} on a terminal: its own screen, a picture each second and at once when the size
 * changes, keys. Whatever ends it, the terminal is as it was before. Colour is only where something
 * is lost or not as it should be, and in headings.
 */
final class TopTerminal {
  private static final String OPEN_SCREEN = "\033[?1049h\033[?25l";
  private static final String CLOSE_SCREEN = "\033[?25h\033[?1049l";
  private static final String HOME = "\033[H";
  private static final String CLEAR_REST_OF_LINE = "\033[K";
  private static final String CLEAR_BELOW = "\033[J";
  private static final String BOLD = "\033[1m";
  private static final String RED = "\033[1;31m";
  private static final String PLAIN = "\033[0m";

  private static final Logger JLINE = Logger.getLogger("org.jline");

  /** How long a key is waited for before the size is looked at again. */
  private static final long KEY_WAIT_MS = 100;

  private final Terminal terminal;
  private final ControlClient client;
  private final long delayMs;
  private final boolean colours = System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
  private @Nullable TopSnapshot before;
  private @Nullable TopSnapshot now;
  private boolean paused;

  /** Set by the thread of the signal. */
  private volatile boolean resized;

  private volatile boolean interrupted;

  private TopTerminal(Terminal terminal, ControlClient client, long delayMs) {
    this.terminal = terminal;
    this.client = client;
    this.delayMs = delayMs;
  }

  /**
   * Shows it until q, Ctrl-C or the end of the gate.
   *
   * @throws Failure when there is no terminal, or no gate any more
   */
  static void show(ControlClient client, long delayMs) throws IOException {
    JLINE.setLevel(Level.OFF); // of a terminal that has gone it would print the stack
    try (Terminal terminal =
        TerminalBuilder.builder().system(true).provider("exec").graphemeCluster(false).build()) {
      if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
        throw new Failure(
            ExitCode.CANNOT, "this is no terminal to draw on; try --count 1, or --json");
      }
      new TopTerminal(terminal, client, delayMs).run();
    }
  }

  private void run() throws IOException {
    terminal.handle(Terminal.Signal.WINCH, signal -> resized = true);
    terminal.handle(Terminal.Signal.INT, signal -> interrupted = true);
    // JLine has no name for these, and what they end would leave its screen behind
    Signals.handle("TERM", () -> interrupted = true);
    Signals.handle("HUP", () -> interrupted = true);
    Attributes saved = terminal.enterRawMode();
    try {
      write(OPEN_SCREEN);
      loop();
    } finally {
      write(CLOSE_SCREEN);
      terminal.setAttributes(saved);
    }
  }

  private void loop() throws IOException {
    NonBlockingReader keys = terminal.reader();
    long next = System.nanoTime();
    while (!interrupted) {
      boolean due = System.nanoTime() - next >= 0;
      if (due) {
        next = System.nanoTime() + delayMs * 1_000_000;
      }
      if (due && !paused) {
        before = now;
        now = TopSnapshot.take(client, TopScreen.room(size().getRows()));
      }
      if (due || resized) {
        resized = false;
        draw();
      }
      int key = keys.read(KEY_WAIT_MS);
      if (key == 'q' || key == 'Q' || key == 3 || key == NonBlockingReader.EOF) {
        return;
      }
      if (key == 'p' || key == 'P') {
        paused = !paused;
        resized = true;
      }
    }
  }

  private Size size() {
    Size size = terminal.getSize(); // nothing = 80 x 24
    return size.getColumns() > 0 && size.getRows() > 0 ? size : Size.of(80, 24);
  }

  private void draw() {
    TopSnapshot shown = now;
    if (shown == null) {
      return;
    }
    Size size = size();
    List<TopScreen.Line> lines =
        new TopScreen(shown, before, size.getColumns(), size.getRows()).lines(paused);
    StringBuilder picture = new StringBuilder(HOME);
    for (int i = 0; i < lines.size(); i++) {
      picture.append(i == 0 ? "" : "\r\n").append(coloured(lines.get(i)));
      picture.append(CLEAR_REST_OF_LINE);
    }
    write(picture.append(CLEAR_BELOW).toString());
  }

  private String coloured(TopScreen.Line line) {
    if (!colours) {
      return line.text();
    }
    return switch (line.style()) {
      case PLAIN -> line.text();
      case HEADING -> BOLD + line.text() + PLAIN;
      case ALARM -> RED + line.text() + PLAIN;
    };
  }

  private void write(String text) {
    PrintWriter writer = terminal.writer();
    writer.print(text);
    writer.flush();
  }
}

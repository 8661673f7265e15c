package knockgate.gate.cli.knock;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import knockgate.rules.spa.Secret;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of this process, whatever its standard streams are: a client that is ssh's
 * ProxyCommand has none of them to ask on, and {@link System#console} is not there then.
 */
final class Terminal {
  private static final File DEVICE = new File("/dev/tty");
  private static final int LONGEST = 1024;

  private Terminal() {}

  /**
   * Asks for a secret, which is not shown while it is typed.
   *
   * @return null if there is no terminal, or nothing was typed
   */
  static @Nullable Secret ask(String prompt) {
    Thread restore = new Thread(() -> echo(true), "restore terminal");
    // "rw" on a device: what is written appears, what is read was typed
    try (RandomAccessFile terminal = new RandomAccessFile(DEVICE, "rw")) {
      if (!echo(false)) {
        return null; // without stty it would be seen
      }
      Runtime.getRuntime().addShutdownHook(restore);
      try {
        terminal.write((prompt + ": ").getBytes(StandardCharsets.UTF_8));
        return line(terminal);
      } finally {
        echo(true);
        Runtime.getRuntime().removeShutdownHook(restore);
        terminal.write('\n');
      }
    } catch (IOException e) {
      return null; // there is no terminal
    }
  }

  private static @Nullable Secret line(RandomAccessFile terminal) throws IOException {
    byte[] typed = new byte[LONGEST];
    int length = 0;
    int next;
    while ((next = terminal.read()) >= 0 && next != '\n') {
      if (length < LONGEST) {
        typed[length++] = (byte) next;
      }
    }
    return length == 0 ? null : Secret.ofBytes(Arrays.copyOf(typed, length));
  }

  private static boolean echo(boolean on) {
    try {
      Process stty =
          new ProcessBuilder("stty", on ? "echo" : "-echo")
              .redirectInput(DEVICE)
              .redirectErrorStream(true)
              .start();
      return stty.waitFor(5, TimeUnit.SECONDS) && stty.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

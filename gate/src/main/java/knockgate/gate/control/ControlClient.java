package knockgate.gate.control;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import org.jspecify.annotations.Nullable;

/** A command's end of the control socket. Everything that goes wrong is a {@link Failure}. */
public final class ControlClient implements Closeable {
  /** How the sentence begins that is said where nobody listens. */
  public static final String NO_GATE = "no gate answers at ";

  /** A gate that is reading a large policy, or waits for the kernel to cut, takes some seconds. */
  private static final long PATIENCE_MS = 15_000;

  private final Path path;
  private final SocketChannel channel;
  private final long patienceMs;
  private final BufferedReader lines;

  /** Whether an answer did not begin in time; then the channel is shut. */
  private volatile boolean gaveUp;

  private ControlClient(Path path, SocketChannel channel, long patienceMs) {
    this.path = path;
    this.channel = channel;
    this.patienceMs = patienceMs;
    lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
  }

  /** Connects to the gate that answers at a path. */
  public static ControlClient connect(Path path) {
    return connect(path, PATIENCE_MS);
  }

  /** The same, with as many milliseconds for an answer to begin. */
  static ControlClient connect(Path path, long patienceMs) {
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(path));
      return new ControlClient(path, channel, patienceMs);
    } catch (IOException e) {
      String words = String.valueOf(e.getMessage());
      if (words.contains("Permission denied")) {
        throw new Failure(
            ExitCode.KERNEL,
            path + " may not be opened by this user: root may, and the policy's control.group",
            e);
      }
      throw new Failure(
          ExitCode.NOT_SO,
          NO_GATE + path + ": is it running, and is this its control.socket? (-s PATH)",
          e);
    }
  }

  /**
   * Asks, and hands over each row of the answer, the last one excepted.
   *
   * @throws Failure with the gate's own sentence when it refuses
   */
  public void ask(Ask ask, Map<String, String> fields, Consumer<Row> rows) {
    Row end = exchange(ask, fields, rows);
    if (end == null && gaveUp) {
      throw new Failure(
          ExitCode.CANNOT,
          "the gate at "
              + path
              + " does not answer: is it stopped? (\"ps -C java -o pid,stat,args\" shows T then; kill"
              + " -CONT PID)");
    }
    if (end == null) {
      throw new Failure(ExitCode.NOT_SO, "the gate at " + path + " has ended");
    }
    if (!end.flag("ok")) {
      throw new Failure(exitCode(end.number("exit")), end.text("text"));
    }
  }

  /** The same, with all rows in a list. */
  public List<Row> ask(Ask ask, Map<String, String> fields) {
    List<Row> rows = new ArrayList<>();
    ask(ask, fields, rows::add);
    return rows;
  }

  /** The row that ends the answer; null = the gate has gone. */
  private @Nullable Row exchange(Ask ask, Map<String, String> fields, Consumer<Row> rows) {
    send(request(ask, fields));
    try {
      boolean mayBeQuiet = fields.containsKey("follow");
      String first = mayBeQuiet ? lines.readLine() : firstLine();
      for (String line = first; line != null; line = lines.readLine()) {
        Row row = row(line);
        if (row.what().equals("end")) {
          return row;
        }
        rows.accept(row);
      }
      return null;
    } catch (IOException e) {
      return null;
    }
  }

  /** How an answer begins. The rest is not timed: whoever asked may be slow to print it. */
  private @Nullable String firstLine() throws IOException {
    Thread patience = new Thread(this::giveUp, "patience");
    patience.setDaemon(true);
    patience.start();
    try {
      return lines.readLine();
    } finally {
      patience.interrupt();
    }
  }

  private void giveUp() {
    try {
      Thread.sleep(patienceMs);
      gaveUp = true;
      close();
    } catch (InterruptedException e) {
      // it has answered
    }
  }

  /** Whom the gate turns away, it tells why and leaves: perhaps before the question is there. */
  private void send(String request) {
    ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      // what it said before it left can still be read
    }
  }

  private Row row(String line) {
    try {
      return Row.parse(line);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.CANNOT, path + ": " + e.getMessage(), e);
    }
  }

  /** A line break in a value would begin another key, whoever the value came from. */
  private static String request(Ask ask, Map<String, String> fields) {
    StringBuilder request = new StringBuilder("ask=").append(ask.word()).append('\n');
    fields.forEach(
        (key, value) -> {
          if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            throw new Failure(ExitCode.USAGE, "the " + key + " has a line break");
          }
          request.append(key).append('=').append(value).append('\n');
        });
    return request.append('\n').toString();
  }

  private static ExitCode exitCode(long number) {
    return Arrays.stream(ExitCode.values())
        .filter(code -> code.number() == number)
        .findFirst()
        .orElse(ExitCode.INTERNAL);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // nothing was left to say
    }
  }
}

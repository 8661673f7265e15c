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

  private final Path path;
  private final SocketChannel channel;
  private final BufferedReader lines;

  private ControlClient(Path path, SocketChannel channel) {
    this.path = path;
    this.channel = channel;
    lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
  }

  /** Connects to the gate that answers at a path. */
  public static ControlClient connect(Path path) {
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(path));
      return new ControlClient(path, channel);
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
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
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

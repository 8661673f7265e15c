package knockgate.gate.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import knockgate.gate.control.SocketFile;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.process.Signals;

/**
 * Waits for somebody to confirm: by an empty line on standard input, or over a socket that only
 * root and this user can open. What comes first decides, once. A thread reads the one, a thread the
 * other; signals that would end the process end the waiting instead.
 */
final class Confirmation implements AutoCloseable {
  /** What came first. */
  enum Ending {
    CONFIRMED("confirmed"),
    TIME_OVER("nobody confirmed in time"),
    HANG_UP("the session has ended"),
    INTERRUPT("interrupted"),
    TERMINATED("asked to end"),
    FAILED("waiting failed");

    private final String words;

    Ending(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  private static final Map<String, Ending> SIGNALS =
      Map.of("HUP", Ending.HANG_UP, "INT", Ending.INTERRUPT, "TERM", Ending.TERMINATED);

  private static final String REQUEST = "confirm";
  private static final String KEPT = "kept";
  private static final String LATE = "late";
  private static final long MOST_FOR_REPLY_MS = 1000;

  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final SocketFile socket;
  private final Thread listener = new Thread(this::listen, "confirm socket");

  private Confirmation(SocketFile socket) {
    this.socket = socket;
  }

  /**
   * Can be confirmed from now on; before anything is changed, so that no signal comes too early.
   *
   * @throws Failure if the socket cannot be had, also because somebody waits there already
   */
  static Confirmation open(Path path) {
    try {
      Confirmation confirmation = new Confirmation(SocketFile.open(path, null));
      // A stopped process takes nothing back: in the background, reading then fails instead.
      Signals.ignore("TSTP");
      Signals.ignore("TTIN");
      Signals.ignore("TTOU");
      SIGNALS.forEach(
          (name, ending) -> Signals.handle(name, () -> confirmation.ending.complete(ending)));
      confirmation.listener.setDaemon(true);
      confirmation.listener.start();
      return confirmation;
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT, "nothing was changed: " + e.getMessage(), e);
    }
  }

  /** The time runs from now on. What was typed before counts for nothing. */
  void begin(Duration within) {
    ending.completeOnTimeout(Ending.TIME_OVER, within.toMillis(), TimeUnit.MILLISECONDS);
    Thread keys = new Thread(this::read, "confirm input");
    keys.setDaemon(true);
    keys.start();
  }

  /** Waits until it is decided. */
  Ending await() {
    return ending.join();
  }

  /** The end of input confirms nothing, nor does any word. */
  private void read() {
    try {
      System.in.skipNBytes(System.in.available());
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isBlank()) {
          ending.complete(Ending.CONFIRMED);
        }
      }
    } catch (IOException e) {
      // no terminal any more, or in the background: the socket is left
    }
  }

  private void listen() {
    try {
      while (!ending.isDone()) {
        try (SocketChannel client = socket.channel().accept()) {
          answer(client);
        }
      }
    } catch (IOException e) {
      // closed: it is decided
    }
  }

  /** Somebody who only looks whether anybody answers asks nothing. */
  private void answer(SocketChannel client) {
    try {
      if (REQUEST.equals(line(client))) {
        ending.complete(Ending.CONFIRMED);
        boolean kept = ending.join() == Ending.CONFIRMED;
        client.write(bytes(kept ? KEPT : LATE));
      }
    } catch (IOException e) {
      // gone before its answer
    }
  }

  /**
   * Confirms what waits at a path.
   *
   * @return false if nothing waits there
   * @throws Failure if it came too late, or this user may not
   */
  static boolean confirm(Path path) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      try {
        channel.connect(UnixDomainSocketAddress.of(path));
      } catch (IOException e) {
        if (String.valueOf(e.getMessage()).contains("Permission denied")) {
          throw new Failure(ExitCode.KERNEL, path + " may be opened by root only", e);
        }
        return false;
      }
      channel.write(bytes(REQUEST));
      if (!KEPT.equals(line(channel))) {
        throw new Failure(ExitCode.NOT_SO, "too late: the rules are being taken back");
      }
      return true;
    } catch (IOException e) {
      throw new Failure(ExitCode.NOT_SO, "too late: the rules are being taken back", e);
    }
  }

  private static String line(SocketChannel channel) throws IOException {
    String line =
        new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8)).readLine();
    return line == null ? "" : line;
  }

  private static ByteBuffer bytes(String line) {
    return ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The last one to confirm still gets an answer. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // its name is left behind; the next one replaces it
    }
    try {
      listener.join(MOST_FOR_REPLY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package knockgate.gate.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import knockgate.gate.control.SocketFile;
import knockgate.gate.fault.FaultLog;
import org.jspecify.annotations.Nullable;

/**
 * Metrics on a Unix socket, for a scraper behind a proxy or for curl: one HTTP/1.0 answer to
 * whatever is asked, then the end. One client at a time, a second of patience for each.
 *
 * <pre>curl --unix-socket /run/knockgate/metrics.sock http://gate/metrics</pre>
 */
final class MetricsSocket implements Closeable {
  private static final long PATIENCE_NS = 1_000_000_000L;
  private static final long PAUSE_NS = 100_000_000L;
  private static final int MOST_REQUEST_BYTES = 8192;

  private final SocketFile socket;
  private final PrometheusRegistry registry;
  private final FaultLog faults;
  private final Thread thread;

  private MetricsSocket(SocketFile socket, PrometheusRegistry registry, FaultLog faults) {
    this.socket = socket;
    this.registry = registry;
    this.faults = faults;
    thread = new Thread(() -> run(socket.channel()::accept), "metrics");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Starts it.
   *
   * @throws IOException with a sentence, when there can be no such socket
   */
  static MetricsSocket start(
      Path path, @Nullable String group, PrometheusRegistry registry, FaultLog faults)
      throws IOException {
    return new MetricsSocket(SocketFile.open(path, group), registry, faults);
  }

  /** Waits for the next client. */
  @FunctionalInterface
  interface Clients {
    SocketChannel next() throws IOException;
  }

  /** Serves one after the other until their channel is closed. */
  void run(Clients clients) {
    while (true) {
      try (SocketChannel client = clients.next()) {
        serve(client);
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException | RuntimeException | Error e) { // nobody else serves the socket
        faults.record("metrics", e);
        // a process without a free descriptor would be told so again at once
        LockSupport.parkNanos(PAUSE_NS);
      }
    }
  }

  private void serve(SocketChannel client) {
    try {
      client.configureBlocking(false);
      answer(client);
    } catch (IOException clientIsGone) {
      // the next one
    }
  }

  private void answer(SocketChannel client) throws IOException {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    try (Selector selector = Selector.open()) {
      SelectionKey key = client.register(selector, SelectionKey.OP_READ);
      if (hasAsked(client, selector, deadlineNs)) {
        key.interestOps(SelectionKey.OP_WRITE);
        ByteBuffer answer = page();
        while (client.write(answer) >= 0 && answer.hasRemaining()) {
          await(selector, deadlineNs);
        }
      }
    }
  }

  /** Reads up to the empty line that ends the head; what it says does not matter. */
  private static boolean hasAsked(SocketChannel client, Selector selector, long deadlineNs)
      throws IOException {
    ByteBuffer head = ByteBuffer.allocate(MOST_REQUEST_BYTES);
    while (head.hasRemaining()) {
      if (client.read(head) < 0) {
        return false;
      }
      String text = new String(head.array(), 0, head.position(), StandardCharsets.ISO_8859_1);
      if (text.contains("\r\n\r\n") || text.contains("\n\n")) {
        return true;
      }
      await(selector, deadlineNs);
    }
    return false;
  }

  private static void await(Selector selector, long deadlineNs) throws IOException {
    long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
    if (leftMs <= 0) {
      throw new IOException("the client is too slow");
    }
    selector.select(leftMs);
    selector.selectedKeys().clear();
  }

  private ByteBuffer page() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 14);
    PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.builder().build();
    writer.write(body, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    String head =
        "HTTP/1.0 200 OK\r\nContent-Type: "
            + writer.getContentType()
            + "\r\nContent-Length: "
            + body.size()
            + "\r\nConnection: close\r\n\r\n";
    ByteBuffer page = ByteBuffer.allocate(head.length() + body.size());
    return page.put(head.getBytes(StandardCharsets.ISO_8859_1)).put(body.toByteArray()).flip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

package knockgate.gate.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import knockgate.gate.BareGate;
import knockgate.rules.policy.Outlets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics over real sockets. */
class MetricsServerTest {
  private static final String KNOCKS = "knockgate_knocks_total 5.0\n";

  @TempDir private Path folder;
  private BareGate gate;

  @BeforeEach
  void open() {
    gate = BareGate.of(folder, "doors { d { protects = [ tcp/1 ], knock = [ 2, 3 ] } }");
    gate.count(knockgate.gate.Counter.KNOCKS, 5);
  }

  private MetricsServer start(Outlets.Metrics where) throws IOException {
    return start(where, null);
  }

  private MetricsServer start(Outlets.Metrics where, @Nullable String group) throws IOException {
    return MetricsServer.start(where, group, gate.room().instruments(), () -> true, gate.faults());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void aPortAnswersAScraper() throws IOException, InterruptedException {
    int port = freePort();
    try (MetricsServer server = start(new Outlets.Metrics("127.0.0.1", port, ""))) {
      assertThat(server).isNotNull();
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).get().asString().contains("text/");
      assertThat(answer.body()).contains(KNOCKS, "knockgate_observing 1.0\n");
    }
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .as("closed behind it")
        .isInstanceOf(IOException.class);
  }

  @Test
  void aPortThatIsTakenIsToldInASentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> start(new Outlets.Metrics("127.0.0.1", port, "")))
          .isInstanceOf(IOException.class)
          .hasMessage("cannot listen at 127.0.0.1 port " + port + ": Address already in use");
    }
  }

  /** Where they never are, two of them are all threads that a port has. */
  @Test
  void clientsThatStopInTheMiddleOfARequestAreTurnedAway() throws IOException {
    int port = freePort();
    try (MetricsServer server = start(new Outlets.Metrics("127.0.0.1", port, ""));
        Socket one = asking(port, "GET /metrics HTTP/1.1\r\nHost:");
        Socket other = asking(port, "GET /metrics HTTP/1.1\r\nHost:")) {
      assertThat(server).isNotNull();
      for (Socket slow : List.of(one, other)) {
        slow.setSoTimeout(20_000);
        assertThatThrownBy(() -> slow.getInputStream().skipNBytes(1))
            .isInstanceOf(IOException.class)
            .isNotInstanceOf(SocketTimeoutException.class);
      }
      try (Socket next = asking(port, "GET /metrics HTTP/1.0\r\n\r\n")) {
        assertThat(new String(next.getInputStream().readAllBytes(), UTF_8)).contains(KNOCKS);
      }
    }
  }

  private static Socket asking(int port, String request) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
    client.getOutputStream().write(request.getBytes(UTF_8));
    return client;
  }

  @Test
  void aClientThatLeavesBeforeItsAnswerIsNotToldOf() throws IOException {
    List<LogRecord> told = new CopyOnWriteArrayList<>();
    Handler listener = new Listener(told);
    Logger everything = Logger.getLogger("");
    everything.addHandler(listener);
    int port = freePort();
    try (MetricsServer server = start(new Outlets.Metrics("127.0.0.1", port, ""))) {
      assertThat(server).isNotNull();
      for (int i = 0; i < 20; i++) {
        try (Socket client = asking(port, "GET /metrics HTTP/1.1\r\nHost: gate\r\n\r\n")) {
          client.setSoLinger(true, 0); // a reset
        }
      }
      try (Socket last = asking(port, "GET /metrics HTTP/1.0\r\n\r\n")) {
        assertThat(new String(last.getInputStream().readAllBytes(), UTF_8)).contains(KNOCKS);
      }
    } finally {
      everything.removeHandler(listener);
    }
    assertThat(told).isEmpty();
  }

  private static final class Listener extends Handler {
    private final List<LogRecord> told;

    Listener(List<LogRecord> told) {
      this.told = told;
    }

    @Override
    public void publish(LogRecord told) {
      this.told.add(told);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static SocketChannel connect(Path path) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(path));
    return channel;
  }

  private static String get(Path path) throws IOException {
    try (SocketChannel channel = connect(path)) {
      channel.write(UTF_8.encode("GET /metrics HTTP/1.1\r\nHost: gate\r\n\r\n"));
      return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
    }
  }

  @Test
  void aUnixSocketAnswersEachClientOnce() throws IOException {
    Path path = folder.resolve("run/metrics.sock");
    try (MetricsServer server = start(new Outlets.Metrics("", 0, path.toString()))) {
      assertThat(server).isNotNull();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-------");
      String answer = get(path);
      String[] parts = answer.split("\r\n\r\n", 2);
      assertThat(parts[0])
          .startsWith("HTTP/1.0 200 OK\r\nContent-Type: text/plain")
          .endsWith("Connection: close")
          .contains("Content-Length: " + parts[1].length());
      assertThat(parts[1]).contains(KNOCKS);
      assertThat(get(path)).contains(KNOCKS);
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void theGroupOfThePolicyMayReadAUnixSocket() throws IOException {
    Path path = folder.resolve("run/metrics.sock");
    String group = Files.readAttributes(folder, PosixFileAttributes.class).group().getName();
    try (MetricsServer server = start(new Outlets.Metrics("", 0, path.toString()), group)) {
      assertThat(server).isNotNull();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-rw----");
    }
  }

  @Test
  void aClientThatSaysNothingOrTooMuchKeepsNobodyWaitingForLong() throws IOException {
    Path path = folder.resolve("run/metrics.sock");
    try (MetricsServer server = start(new Outlets.Metrics("", 0, path.toString()));
        SocketChannel silent = connect(path);
        SocketChannel endless = connect(path)) {
      assertThat(server).isNotNull();
      endless.write(ByteBuffer.wrap("x".repeat(10_000).getBytes(UTF_8)));
      long start = System.nanoTime();
      assertThat(get(path)).contains(KNOCKS);
      assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
      assertThat(silent.read(ByteBuffer.allocate(10))).as("turned away").isNegative();
    }
  }

  @Test
  void aPlaceThatCannotBeIsToldInASentence() {
    Path nowhere = folder.resolve("no/such/metrics.sock");
    assertThatThrownBy(() -> start(new Outlets.Metrics("", 0, nowhere.toString())))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(nowhere + " cannot be made: ");
  }

  @Test
  void clientsThatCannotBeTakenAreToldOnceAndWaitedForWithPauses() throws IOException {
    Path path = folder.resolve("run/metrics.sock");
    Iterator<Throwable> refusals =
        List.of(
                new IOException("Too many open files"),
                new IOException("Too many open files"),
                new InternalError("no memory"))
            .iterator();
    try (MetricsSocket socket =
        MetricsSocket.start(path, null, new PrometheusRegistry(), gate.faults())) {
      long start = System.nanoTime();
      socket.run(() -> refuse(refusals));
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(250_000_000L);
      assertThat(gate.faults().counts()).hasSize(2).containsValue(2L);
    }
  }

  private static SocketChannel refuse(Iterator<Throwable> refusals) throws IOException {
    if (!refusals.hasNext()) {
      throw new ClosedChannelException();
    }
    Throwable next = refusals.next();
    if (next instanceof Error error) {
      throw error;
    }
    throw (IOException) next;
  }
}

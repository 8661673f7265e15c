package knockgate.gate.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import knockgate.gate.BareGate;
import knockgate.gate.events.EventFeed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a client may be quiet, with a clock of the test's own. */
class SessionTest {
  private static final long PATIENCE_NS = Duration.ofSeconds(30).toNanos();
  private static final long LATER_NS = Duration.ofHours(1).toNanos();

  @TempDir private Path folder;
  private ServerSocketChannel listener;
  private SocketChannel client;
  private Selector selector;
  private Session session;

  @BeforeEach
  void connect() throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
    listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
    client = SocketChannel.open(address);
    SocketChannel channel = listener.accept();
    channel.configureBlocking(false);
    selector = Selector.open();
    BareGate gate =
        BareGate.of(
            folder, "doors { imap { protects = [ tcp/993 ], knock = [ 4002, 4001, 4004 ] } }");
    Answers answers = new Answers(gate.room(), () -> {});
    SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
    session = new Session(channel, key, new Client(Access.LOOK, "reader"), answers, 0);
  }

  @AfterEach
  void close() throws IOException {
    session.close();
    selector.close();
    client.close();
    listener.close();
  }

  private void follow() throws IOException {
    client.write(ByteBuffer.wrap("ask=events\nfollow=yes\n\n".getBytes(UTF_8)));
    selector.select();
    session.proceed(0);
    assertThat(session.follows()).isTrue();
  }

  private static EventFeed.Line event() {
    return new EventFeed.Line(1L << 40, ByteBuffer.wrap("{}\n".getBytes(UTF_8)));
  }

  @Test
  void whoAsksNothingIsOverdue() {
    assertThat(session.isOverdue(PATIENCE_NS, PATIENCE_NS)).isFalse();
    assertThat(session.isOverdue(PATIENCE_NS + 1, PATIENCE_NS)).isTrue();
  }

  @Test
  void whoFollowsStaysWhenNothingHappenedForLong() throws IOException {
    follow();
    assertThat(session.isOverdue(LATER_NS, PATIENCE_NS)).isFalse();

    assertThat(session.offer(event(), LATER_NS)).isTrue();
    assertThat(session.isOverdue(LATER_NS, PATIENCE_NS)).isFalse();
  }

  @Test
  void whoFollowsAndDoesNotTakeWhatCameIsOverdue() throws IOException {
    follow();
    session.offer(event(), LATER_NS);
    session.offer(event(), LATER_NS + PATIENCE_NS);
    assertThat(session.isOverdue(LATER_NS + PATIENCE_NS + 1, PATIENCE_NS)).isTrue();
  }
}

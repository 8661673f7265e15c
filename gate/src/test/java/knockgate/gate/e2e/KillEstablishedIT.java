package knockgate.gate.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code kill-established}, a grant's end cuts what it let in, and nothing else. */
class KillEstablishedIT {
  private static final String POLICY =
      """
      rescue = [ "192.0.2.10", "2001:db8::10" ]
      doors {
        ssh { protects = [ "tcp/22" ], knock = [ 7000, 8000, 9000 ], kill-established = true }
        web { protects = [ "tcp/8080" ], knock = [ 7001, 8001, 9001 ], kill-established = true }
        mild { protects = [ "tcp/8081" ], knock = [ 7002, 8002, 9002 ] }
      }
      """;

  private static final List<String> KNOCKS = List.of("tcp/7000", "tcp/8000", "tcp/9000");

  /** A cut comes with the next sweep, once a second. */
  private static final long SWEPT_NS = 2_500_000_000L;

  @ParameterizedTest
  @ValueSource(strings = {Scene.MARK, Scene.DIRECT})
  void whatAGrantLetInIsCutAndEverythingElseLives(String layout) {
    try (KeptScene kept = new KeptScene(POLICY, layout)) {
      for (Family family : Family.values()) {
        Peer friend = kept.scene().friend(family);
        Peer other = kept.scene().wire().peer(family.host(3));
        try (Connection session = friend.knockAndConnect(family.server, KNOCKS, 22);
            Connection others = other.knockAndConnect(family.server, KNOCKS, 22);
            Connection rescue = kept.scene().rescue(family).connect(family.server, 22);
            Connection elsewhere = friend.connect(family.server, 80)) {
          assertThat(session.echoes("before")).as("%s", kept.gate()).isTrue();

          kept.command("revoke", "ssh", friend.address()).ok();
          LockSupport.parkNanos(SWEPT_NS);

          assertThat(session.echoes("after")).as("the session, %s", kept.gate()).isFalse();
          assertThat(others.echoes("after")).as("of another grant").isTrue();
          assertThat(rescue.echoes("after")).as("of a rescue address").isTrue();
          assertThat(elsewhere.echoes("after")).as("to another port").isTrue();
          friend.knock(family.server, KNOCKS);
          assertThat(friend.gets(family.server, 22)).as("knocked again").isTrue();
        }
      }
    }
  }

  @Test
  void theEndOfTimeCutsToo() {
    String brief = POLICY.replace("9000 ]", "9000 ], autoclose = 1500ms");
    try (KeptScene kept = new KeptScene(brief)) {
      Peer friend = kept.scene().friend(Family.IPV4);
      try (Connection session = friend.knockAndConnect(Family.IPV4.server, KNOCKS, 22)) {
        assertThat(session.echoes("before")).as("%s", kept.gate()).isTrue();
        kept.gate().awaitEvent("autoclose", e -> e.field("event").equals("autoclose"));
        LockSupport.parkNanos(SWEPT_NS);
        assertThat(session.echoes("after")).as("%s", kept.gate()).isFalse();
      }
    }
  }

  @Test
  void aGrantThatEndedWhileTheGateWasDownIsCutWhenItIsBack() {
    String brief = POLICY.replace("9000 ]", "9000 ], autoclose = 1500ms");
    try (KeptScene kept = new KeptScene(brief)) {
      Peer friend = kept.scene().friend(Family.IPV4);
      try (Connection session = friend.knockAndConnect(Family.IPV4.server, KNOCKS, 22)) {
        assertThat(session.echoes("before")).as("%s", kept.gate()).isTrue();
        kept.gate().kill();
        LockSupport.parkNanos(2_000_000_000L);
        assertThat(session.echoes("meanwhile")).as("nobody is there to cut it").isTrue();
        kept.scene().restart();
        LockSupport.parkNanos(SWEPT_NS);
        assertThat(session.echoes("after")).as("%s", kept.gate()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Scene.MARK, Scene.DIRECT})
  void aServerThatNeverStopsTalkingDoesNotReviveIt(String layout) throws IOException {
    try (KeptScene kept = new KeptScene(POLICY, layout);
        Talker web = new Talker(kept.scene().wire().server(), 8080);
        Talker mild = new Talker(kept.scene().wire().server(), 8081)) {
      Peer friend = kept.scene().friend(Family.IPV4);
      friend.knock(Family.IPV4.server, List.of("tcp/7001", "tcp/8001", "tcp/9001"));
      friend.knock(Family.IPV4.server, List.of("tcp/7002", "tcp/8002", "tcp/9002"));
      try (Socket cut = listener(friend, web.port);
          Socket lives = listener(friend, mild.port)) {
        assertThat(hears(cut)).as("%s", kept.gate()).isTrue();
        assertThat(hears(lives)).isTrue();
        kept.command("revoke", "web", friend.address()).ok();
        kept.command("revoke", "mild", friend.address()).ok();
        LockSupport.parkNanos(SWEPT_NS);
        drain(cut);
        assertThat(hears(cut)).as("after its unanswered words are used up").isFalse();
        assertThat(hears(lives)).as("default: they live").isTrue();
      }
    }
  }

  private static Socket listener(Peer peer, int port) {
    return peer.namespace()
        .inside(
            () -> {
              Socket socket = new Socket();
              socket.bind(new InetSocketAddress(InetAddress.getByName(peer.address()), 0));
              socket.connect(new InetSocketAddress(Family.IPV4.server, port), 700);
              socket.setSoTimeout(1500);
              return socket;
            });
  }

  /** Whether anything new comes within a second and a half. */
  private static boolean hears(Socket socket) throws IOException {
    try {
      socket.getInputStream().skipNBytes(socket.getInputStream().available());
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException silence) {
      return false;
    }
  }

  /** Nothing answers the server any more, but what it had in flight may still arrive. */
  private static void drain(Socket socket) throws IOException {
    long deadline = System.nanoTime() + 6_000_000_000L;
    while (System.nanoTime() < deadline && hears(socket)) {
      LockSupport.parkNanos(10_000_000);
    }
  }

  /** Says something twenty times a second to whoever connects, unasked. One thread each. */
  private static final class Talker implements AutoCloseable {
    private final int port;
    private final ServerSocket listening;

    Talker(Namespace namespace, int port) {
      this.port = port;
      listening = namespace.inside(() -> new ServerSocket(port));
      Thread thread = new Thread(this::accept, "talker");
      thread.setDaemon(true);
      thread.start();
    }

    private void accept() {
      try {
        while (true) {
          Socket socket = listening.accept();
          Thread thread = new Thread(() -> talk(socket), "talk");
          thread.setDaemon(true);
          thread.start();
        }
      } catch (IOException closed) {
        // the test is over
      }
    }

    private static void talk(Socket socket) {
      try (socket) {
        socket.setTcpNoDelay(true);
        while (true) {
          socket.getOutputStream().write("still talking\n".getBytes(US_ASCII));
          LockSupport.parkNanos(50_000_000);
        }
      } catch (IOException gone) {
        // nobody listens any more
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }
}

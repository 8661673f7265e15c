package knockgate.gate.control;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import knockgate.gate.events.EventFeed;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.FaultLog;
import org.jspecify.annotations.Nullable;

/**
 * Serves the control socket: one thread for all clients, which waits for none of them. While there
 * is no client it sleeps without a timeout. What a client may do is decided once, by the
 * credentials that the kernel took when it connected: root and the gate's own user may change
 * things; whoever else the socket's mode lets in, the policy's group, may look.
 */
public final class ControlServer implements AutoCloseable {
  private static final int MOST_CLIENTS = 32;

  /** Of them, those who may only look: they cannot lock out whoever wants to shut a door. */
  private static final int MOST_LOOKERS = 24;

  private static final long PATIENCE_NS = 30_000_000_000L;
  private static final long LOOK_EVERY_MS = 1000;
  private static final long PAUSE_NS = 100_000_000L;
  private static final long FAREWELL_NS = 1_000_000_000L;

  private final SocketFile socket;
  private final boolean groupMayLook;
  private final Answers answers;
  private final EventFeed feed;
  private final FaultLog faults;
  private final Selector selector;
  private final Set<Session> sessions = new HashSet<>();
  private final Thread thread;
  private volatile boolean stopping;

  private ControlServer(
      SocketFile socket, boolean groupMayLook, ControlRoom room, FaultLog faults, Selector selector)
      throws IOException {
    this.socket = socket;
    this.groupMayLook = groupMayLook;
    this.faults = faults;
    this.selector = selector;
    answers = new Answers(room, selector::wakeup);
    feed = room.feed();
    socket.channel().configureBlocking(false);
    socket.channel().register(selector, SelectionKey.OP_ACCEPT);
    thread = new Thread(this::run, "control");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Opens the socket and serves it.
   *
   * @param group whose members may look; null = none
   * @throws IOException with a sentence, when there can be no such socket
   */
  public static ControlServer start(
      Path path, @Nullable String group, ControlRoom room, FaultLog faults) throws IOException {
    SocketFile socket = SocketFile.open(path, group);
    try {
      return new ControlServer(socket, group != null, room, faults, Selector.open());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void run() {
    while (!stopping) {
      try {
        turn();
      } catch (IOException | RuntimeException | Error e) {
        faults.record("control socket", e);
        // a process without a free descriptor would be told so again at once
        LockSupport.parkNanos(PAUSE_NS);
      }
    }
  }

  private void turn() throws IOException {
    selector.select(sessions.isEmpty() ? 0 : LOOK_EVERY_MS);
    long nowNs = System.nanoTime();
    Set<SelectionKey> ready = selector.selectedKeys();
    for (SelectionKey key : ready) {
      if (key.attachment() instanceof Session session) {
        guarded(session, s -> s.proceed(nowNs));
      } else if (key.isValid() && key.isAcceptable()) {
        accept(nowNs);
      }
    }
    ready.clear();
    distribute(nowNs);
    for (Session session : List.copyOf(sessions)) {
      if (session.isOverdue(nowNs, PATIENCE_NS)) {
        end(session);
      }
    }
  }

  @FunctionalInterface
  private interface Step {
    void take(Session session) throws IOException;
  }

  /** A client that goes wrong goes; the others do not notice. */
  private void guarded(Session session, Step step) {
    try {
      step.take(session);
    } catch (IOException e) {
      end(session);
    } catch (RuntimeException | Error e) { // nobody else serves the socket
      faults.record("control client", e);
      end(session);
    }
  }

  private void end(Session session) {
    session.close();
    sessions.remove(session);
    if (sessions.stream().noneMatch(Session::follows)) {
      feed.close();
    }
  }

  private void accept(long nowNs) throws IOException {
    SocketChannel channel = socket.channel().accept();
    if (channel == null) {
      return;
    }
    channel.configureBlocking(false);
    Client client = clientOf(channel);
    Access access = client.access();
    SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
    Session session = new Session(channel, key, client, answers, nowNs);
    key.attach(session);
    if (access == Access.NOTHING) {
      session.refuse(ExitCode.KERNEL, "only root and the user that the gate runs as may ask");
    } else if (isFull(access, sessions.size(), lookers())) {
      session.refuse(ExitCode.CANNOT, "as many clients as there may be are there; try again");
    }
    sessions.add(session);
  }

  private int lookers() {
    return (int) sessions.stream().filter(session -> session.access() == Access.LOOK).count();
  }

  /** Whether there is no place for one more; those who were turned away may still be among them. */
  static boolean isFull(Access access, int clients, int lookers) {
    return clients >= MOST_CLIENTS || (access == Access.LOOK && lookers >= MOST_LOOKERS);
  }

  private Client clientOf(SocketChannel channel) throws IOException {
    UnixDomainPrincipal principal = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
    String user = principal.user().getName();
    return new Client(accessOf(user), user);
  }

  private Access accessOf(String user) {
    if (user.equals("root") || user.equals(socket.owner().getName())) {
      return Access.CHANGE;
    }
    return groupMayLook ? Access.LOOK : Access.NOTHING;
  }

  /** Hands new events to all who follow. */
  private void distribute(long nowNs) {
    List<Session> followers = sessions.stream().filter(Session::follows).toList();
    if (followers.isEmpty()) {
      return;
    }
    for (EventFeed.Line line = feed.poll(); line != null; line = feed.poll()) {
      for (Session follower : followers) {
        if (!follower.offer(line, nowNs)) {
          feed.countLost(1);
        }
      }
    }
  }

  /** Lets the clients take the answers that are on their way, a second at most, and ends. */
  @Override
  public void close() {
    stopping = true;
    selector.wakeup();
    try {
      thread.join();
      long deadline = System.nanoTime() + FAREWELL_NS;
      while (sessions.stream().anyMatch(Session::hasAnswerLeft) && System.nanoTime() < deadline) {
        selector.select(10);
        selector.selectedKeys().clear();
        List.copyOf(sessions).forEach(s -> guarded(s, one -> one.proceed(System.nanoTime())));
      }
      List.copyOf(sessions).forEach(this::end);
      selector.close();
      socket.close();
    } catch (IOException e) {
      faults.record("close control socket", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

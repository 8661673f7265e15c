package knockgate.gate.e2e;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Gives back what it gets, on some TCP ports of both families, to as many as come. One thread per
 * port and per connection.
 */
final class Echo implements AutoCloseable {
  private static final int BACKLOG = 256;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "echo");
            thread.setDaemon(true);
            return thread;
          });

  /** Open sockets; each thread closes its own, under this lock. None is added behind the end. */
  private final Set<Integer> sockets = new HashSet<>();

  Echo(Namespace namespace, int... ports) {
    for (int port : ports) {
      int listening = namespace.inside(() -> listen(port));
      serve(listening, () -> accept(listening));
    }
  }

  private static int listen(int port) {
    int fd = Sys.check("socket", Sys.C.socket(Sys.AF_INET6, Sys.SOCK_STREAM, 0));
    byte[] on = {1, 0, 0, 0};
    byte[] off = {0, 0, 0, 0};
    Sys.check("reuse", Sys.C.setsockopt(fd, Sys.SOL_SOCKET, Sys.SO_REUSEADDR, on, 4));
    Sys.check("both", Sys.C.setsockopt(fd, Sys.IPPROTO_IPV6, Sys.IPV6_V6ONLY, off, 4));
    byte[] any = Address.socketAddress("::", port);
    Sys.check("bind port " + port, Sys.C.bind(fd, any, any.length));
    Sys.check("listen", Sys.C.listen(fd, BACKLOG));
    return fd;
  }

  private void accept(int listening) {
    int fd;
    while ((fd = Sys.C.accept(listening, 0, 0)) >= 0) {
      int connection = fd;
      serve(connection, () -> echo(connection));
    }
  }

  private static void echo(int fd) {
    byte[] buffer = new byte[512];
    long length;
    while ((length = Sys.C.recv(fd, buffer, buffer.length, 0)) > 0) {
      Sys.C.send(fd, buffer, length, Sys.MSG_NOSIGNAL);
    }
  }

  private void serve(int fd, Runnable work) {
    synchronized (sockets) {
      if (threads.isShutdown()) { // accepted while it was closed
        Sys.C.close(fd);
        return;
      }
      sockets.add(fd);
      threads.execute(() -> run(fd, work));
    }
  }

  private void run(int fd, Runnable work) {
    work.run();
    synchronized (sockets) {
      sockets.remove(fd);
      Sys.C.close(fd);
    }
  }

  /** Wakes every thread; each closes its socket and ends. */
  @Override
  public void close() {
    synchronized (sockets) {
      sockets.forEach(fd -> Sys.C.shutdown(fd, Sys.SHUT_RDWR));
      threads.shutdown();
    }
  }
}

package knockgate.gate.e2e;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Gives back what it gets, on some ports of both families; one thread per port and connection. */
final class Echo implements AutoCloseable {
  private static final int BACKLOG = 256;

  private final List<Integer> sockets = new CopyOnWriteArrayList<>();

  Echo(Namespace namespace, int... ports) {
    for (int port : ports) {
      int listening = namespace.inside(() -> listen(port));
      sockets.add(listening);
      daemon(() -> accept(listening));
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
      sockets.add(connection);
      daemon(() -> echo(connection));
    }
  }

  private static void echo(int fd) {
    byte[] buffer = new byte[512];
    long length;
    while ((length = Sys.C.recv(fd, buffer, buffer.length, 0)) > 0) {
      Sys.C.send(fd, buffer, length, 0);
    }
    Sys.C.shutdown(fd, Sys.SHUT_RDWR);
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "echo");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    // shutdown first: it wakes the thread that waits on the socket
    sockets.forEach(fd -> Sys.C.shutdown(fd, Sys.SHUT_RDWR));
    sockets.forEach(Sys.C::close);
  }
}

package knockgate.gate.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The service manager's end of sd_notify(3): a thread that keeps what it is told. */
final class NotifyListener implements AutoCloseable {
  private static final int MOST = 4096;

  private final int fd;
  private final List<String> told = new CopyOnWriteArrayList<>();

  NotifyListener(Path path) {
    byte[] name = path.toString().getBytes(UTF_8);
    byte[] address =
        ByteBuffer.allocate(2 + name.length + 1)
            .order(ByteOrder.nativeOrder())
            .putShort((short) Sys.AF_UNIX)
            .put(name)
            .array();
    fd = Sys.check("socket", Sys.C.socket(Sys.AF_UNIX, Sys.SOCK_DGRAM | Sys.SOCK_CLOEXEC, 0));
    Sys.check("bind " + path, Sys.C.bind(fd, address, address.length));
    Thread thread = new Thread(this::listen, "notify listener");
    thread.setDaemon(true);
    thread.start();
  }

  private void listen() {
    byte[] bytes = new byte[MOST];
    for (long length; (length = Sys.C.recv(fd, bytes, bytes.length, 0)) > 0; ) {
      told.addAll(new String(bytes, 0, (int) length, UTF_8).lines().toList());
    }
  }

  /** Every assignment so far, in order. */
  List<String> told() {
    return List.copyOf(told);
  }

  /** How often it was told that. */
  long count(String assignment) {
    return told.stream().filter(assignment::equals).count();
  }

  @Override
  public void close() {
    Sys.C.shutdown(fd, Sys.SHUT_RDWR);
    Sys.C.close(fd);
  }
}

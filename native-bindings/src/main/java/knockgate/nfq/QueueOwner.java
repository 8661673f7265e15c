package knockgate.nfq;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The process that holds a queue, found as an administrator would: queue to netlink port to socket
 * inode to file descriptor. The port is usually a process id, but only for the first netlink socket
 * of a process, so it is not believed.
 *
 * @param portId netlink port of the owning socket
 * @param pid process, or 0 when it cannot be seen from here
 * @param command name of the process, or empty
 */
public record QueueOwner(long portId, long pid, String command) {
  private static final int PROTOCOL = 1;
  private static final int PORT = 2;
  private static final int INODE = 9;

  /**
   * Looks for the owner of a queue of this thread's network namespace.
   *
   * @return null when nobody holds the queue
   * @throws IOException when the table of queues may not be read (it is root's)
   */
  public static @Nullable QueueOwner find(int queue) throws IOException {
    return find(Path.of("/proc"), queue);
  }

  /**
   * Looks for the owner of a queue.
   *
   * @param proc where procfs is mounted
   * @return null when nobody holds the queue
   * @throws IOException when the table of queues may not be read (it is root's)
   */
  static @Nullable QueueOwner find(Path proc, int queue) throws IOException {
    for (QueueStatistics statistics : QueueStatistics.read(proc)) {
      if (statistics.queue() == queue) {
        return ofPort(proc, statistics.portId());
      }
    }
    return null;
  }

  private static QueueOwner ofPort(Path proc, long portId) throws IOException {
    String socket = socket(proc, portId);
    Path holder = socket == null ? null : holder(proc, socket);
    return holder == null
        ? new QueueOwner(portId, 0, "")
        : new QueueOwner(portId, pid(holder), command(holder));
  }

  /** What a descriptor of the socket with this port links to; null = there is none. */
  private static @Nullable String socket(Path proc, long portId) throws IOException {
    String inode = inode(Files.readString(proc.resolve("thread-self/net/netlink")), portId);
    return inode == null ? null : "socket:[" + inode + "]";
  }

  /** The folder in procfs of a process that has the socket open; null = none that we may see. */
  private static @Nullable Path holder(Path proc, String socket) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, socket)) {
          return process;
        }
      }
      return null;
    }
  }

  /** The inode of the netfilter socket with this port in the kernel's table of netlink sockets. */
  static @Nullable String inode(String table, long portId) {
    for (String line : table.lines().skip(1).toList()) {
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length > INODE
          && columns[PROTOCOL].equals(Integer.toString(Netlink.NETLINK_NETFILTER))
          && QueueStatistics.portId(columns[PORT]) == portId) {
        return columns[INODE];
      }
    }
    return null;
  }

  private static boolean holds(Path process, String socket) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (isLinkTo(descriptor, socket)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // Not ours to look into, or gone in between.
    }
  }

  private static boolean isLinkTo(Path descriptor, String target) {
    try {
      return Files.readSymbolicLink(descriptor).toString().equals(target);
    } catch (IOException e) {
      return false; // Closed in between.
    }
  }

  private static long pid(Path process) {
    return Long.parseLong(process.getFileName().toString());
  }

  private static String command(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** {@code process 4711 (knockgate)}. */
  @Override
  public String toString() {
    return pid == 0
        ? "a process that cannot be seen from here (netlink port " + portId + ")"
        : "process " + pid + " (" + command + ")";
  }
}

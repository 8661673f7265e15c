package knockgate.nfq;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * One line of the kernel's table of queues (net/netfilter/nfnetlink_queue.c, seq_show). Only root
 * may read it. Off the packet path.
 *
 * @param queue NFQUEUE number
 * @param portId netlink port of the socket that owns it; often, not always, a process id
 * @param waiting packets without a verdict
 * @param copyMode 0 nothing, 1 metadata, 2 packets
 * @param copyRange bytes copied of each packet
 * @param queueDropped packets dropped because the queue was full
 * @param userDropped packets dropped because the socket was full
 * @param idSequence id of the last packet: packets queued so far, modulo 2^32
 */
public record QueueStatistics(
    int queue,
    long portId,
    long waiting,
    int copyMode,
    int copyRange,
    long queueDropped,
    long userDropped,
    long idSequence) {
  private static final String FILE = "thread-self/net/netfilter/nfnetlink_queue";
  private static final int COLUMNS = 8;

  /**
   * Reads the queues of the network namespace of this thread.
   *
   * @return an empty list when there are none, or the kernel has no NFQUEUE
   * @throws IOException when the file may not be read, or reads strange
   */
  public static List<QueueStatistics> read() throws IOException {
    return read(Path.of("/proc"));
  }

  static List<QueueStatistics> read(Path proc) throws IOException {
    try {
      return parse(Files.readString(proc.resolve(FILE)));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Parses the table.
   *
   * @throws IllegalArgumentException naming the line that has too few columns or is not numbers
   */
  static List<QueueStatistics> parse(String table) {
    return table.lines().filter(line -> !line.isBlank()).map(QueueStatistics::parseLine).toList();
  }

  private static QueueStatistics parseLine(String line) {
    String[] columns = line.strip().split("\\s+", -1);
    if (columns.length < COLUMNS) {
      throw new IllegalArgumentException("queue table: too few columns: " + line);
    }
    try {
      return new QueueStatistics(
          Integer.parseInt(columns[0]),
          portId(columns[1]),
          Long.parseLong(columns[2]),
          Integer.parseInt(columns[3]),
          Integer.parseInt(columns[4]),
          Long.parseLong(columns[5]),
          Long.parseLong(columns[6]),
          Long.parseLong(columns[7]));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("queue table: not a number: " + line, e);
    }
  }

  /** A second socket of one process gets a high port, which the kernel prints signed or not. */
  static long portId(String column) {
    return Long.parseLong(column) & 0xffff_ffffL;
  }
}

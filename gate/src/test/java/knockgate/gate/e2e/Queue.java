package knockgate.gate.e2e;

/**
 * A line of {@code /proc/net/netfilter/nfnetlink_queue}.
 *
 * @param number queue number
 * @param waiting packets without a verdict yet
 * @param dropped packets that the kernel dropped because the queue or the socket was full
 * @param numbered packets that were given a number, so far
 */
record Queue(int number, int waiting, long dropped, long numbered) {
  /** Columns: queue, port id, waiting, copy mode, copy range, two drop counters, last id, 1. */
  static Queue of(String line) {
    String[] columns = line.trim().split("\\s+", -1);
    return new Queue(
        Integer.parseInt(columns[0]),
        Integer.parseInt(columns[2]),
        Long.parseLong(columns[5]) + Long.parseLong(columns[6]),
        Long.parseLong(columns[7]));
  }
}

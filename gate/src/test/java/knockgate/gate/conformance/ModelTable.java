package knockgate.gate.conformance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the module keeps under one name. */
final class ModelTable {
  /** The collector runs this long after it was last armed. */
  private static final long COLLECTOR_SECONDS = 65;

  private static final long NOT_ARMED = Long.MAX_VALUE;

  enum Status {
    INIT,
    MATCHING,
    ALLOWED
  }

  /** What is known of one source. Times in whole seconds since the first event. */
  static final class Peer {
    final boolean tcp;
    Status status = Status.INIT;
    int count;
    long lastKnock;

    /** When it was opened; null = never. Kept when it is closed again. */
    @Nullable Long opened;

    /** The minute since 1970 in which it was opened; 0 = never. */
    long openedMinute;

    Peer(boolean tcp, long now) {
      this.tcp = tcp;
      this.lastKnock = now;
    }
  }

  /** Seconds; for the collector only. */
  private final long limit;

  /** Minutes, 0 = never. */
  final long autoclose;

  private final boolean overflows;
  final Map<Integer, Peer> records = new TreeMap<>(Integer::compareUnsigned);

  /** Only with departures: what outlives a record. */
  final Map<Integer, Long> openedMinutes = new HashMap<>();

  /** The same: the minutes for which each source has closed. */
  final Map<Integer, Set<Long>> closedMinutes = new HashMap<>();

  private long collectorAtMs = NOT_ARMED;

  /**
   * @param overflows whether minutes become seconds modulo 2^32, as in the module
   */
  ModelTable(long limit, long autoclose, boolean overflows) {
    this.limit = limit;
    this.autoclose = autoclose;
    this.overflows = overflows;
  }

  void armCollector(long nowMs) {
    collectorAtMs = nowMs + COLLECTOR_SECONDS * 1000;
  }

  /** Lets the collector run if it is due. */
  void collect(long nowMs) {
    if (nowMs >= collectorAtMs) {
      long then = collectorAtMs / 1000;
      records
          .values()
          .removeIf(
              peer ->
                  peer.status == Status.ALLOWED
                      ? autocloseDue(peer, then)
                      : then - peer.lastKnock > limit);
      collectorAtMs = NOT_ARMED;
    }
  }

  boolean autocloseDue(Peer peer, long now) {
    long seconds = overflows ? autoclose * 60 & 0xffff_ffffL : autoclose * 60;
    return autoclose > 0 && peer.opened != null && now - peer.opened > seconds;
  }

  /**
   * One line for each record: source, protocol of the first knock, status, count.
   *
   * @param whenMatching stands behind those in the middle of a sequence
   * @param whenClosing stands behind those that are in, if the table has an autoclose
   */
  List<String> lines(String whenMatching, String whenClosing) {
    List<String> lines = new ArrayList<>();
    records.forEach(
        (source, peer) -> {
          String times =
              switch (peer.status) {
                case INIT -> "";
                case MATCHING -> whenMatching;
                case ALLOWED -> autoclose > 0 ? whenClosing : "";
              };
          String protocol = peer.tcp ? " TCP " : " UDP ";
          lines.add(dotted(source) + protocol + peer.status + " " + peer.count + times);
        });
    return lines.stream().sorted().toList();
  }

  private static String dotted(int source) {
    return "%d.%d.%d.%d"
        .formatted(source >>> 24, source >>> 16 & 255, source >>> 8 & 255, source & 255);
  }
}

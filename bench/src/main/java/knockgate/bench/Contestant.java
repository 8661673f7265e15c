package knockgate.bench;

import java.util.List;

/**
 * What takes part in the end-to-end run.
 *
 * @param name as the tables show it
 * @param command a program that binds queue 0; empty = the kernel alone, without a queue
 * @param rules what stands in the server's namespace meanwhile
 * @param kind what can be measured
 */
record Contestant(String name, List<String> command, Rules rules, Kind kind) {
  /** What can be measured. */
  enum Kind {
    /** A verdict for every packet, and it is always the same. */
    LOOP,
    /** A verdict for every packet, and a door to knock at. */
    GATE,
    /** A door to knock at, and verdicts only for packets that can matter to it. */
    FILTERED_GATE,
    /** No queue at all. */
    KERNEL,
    /** The rules of a filtered gate without the queue, or without its sets as well. */
    FILTERED_KERNEL;

    boolean isGate() {
      return this == GATE || this == FILTERED_GATE;
    }

    /** Whether the flood of ordinary packets gets verdicts. */
    boolean queuesFlood() {
      return this == LOOP || this == GATE;
    }
  }

  /**
   * Commands that put rules in place and take them away, to be run in the server's namespace.
   *
   * @param place puts them in place; empty = no rules
   * @param remove takes them away
   */
  record Rules(List<List<String>> place, List<List<String>> remove) {
    static final Rules NONE = new Rules(List.of(), List.of());

    /** Every SYN goes to queue 0. */
    static final Rules EVERY_SYN =
        new Rules(
            List.of(words("iptables -t mangle -A INPUT -p tcp --syn -j NFQUEUE --queue-num 0")),
            List.of(words("iptables -t mangle -F INPUT")));

    static List<String> words(String line) {
      return List.of(line.split(" ", -1));
    }
  }

  /** Whether this one's figures in units of the other's say something. */
  boolean comparesWith(Contestant other) {
    if (kind == Kind.GATE && other.kind == Kind.GATE) {
      return name.compareTo(other.name) < 0; // two arrangements, once
    }
    return kind.isGate()
        && !other.kind.isGate()
        && (other.kind != Kind.FILTERED_KERNEL || kind == Kind.FILTERED_GATE);
  }

  boolean isKernelAlone() {
    return command.isEmpty();
  }
}

package knockgate.gate.conformance;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One recording: a chain of rules, the packets that were sent, and what the module made of each.
 *
 * @param file the file it stands in, without {@code .json}
 * @param rules the INPUT chain in order, as iptables takes them, without {@code -A INPUT}
 * @param acceptsByDefault the chain's policy
 * @param epochMs wall clock at the first event, ms since 1970; 0 where it does not matter
 * @param statusAfter per name, the lines of the status file at the end, as {@link
 *     ReferenceModel#status} writes them
 */
record Trace(
    String file,
    String name,
    List<String> tags,
    List<String> rules,
    boolean acceptsByDefault,
    long epochMs,
    List<Event> events,
    Map<String, List<String>> statusAfter) {

  /** Whether it depends on something that the module's manual does not say. */
  boolean isQuirk() {
    return tags.stream().anyMatch(tag -> tag.startsWith("quirk:"));
  }

  /**
   * One packet and what became of it.
   *
   * @param atMs ms since the first event
   * @param packet the whole IPv4 packet
   * @param accepted the verdict
   * @param hotdrop dropped at once, before any later rule or the policy
   * @param rule the rule that decided, counted from 0, {@link ReferenceModel#BY_POLICY}, or {@link
   *     #UNKNOWN}
   * @param state per name, the records behind this packet as {@link ReferenceModel#records} writes
   *     them; null = not recorded
   */
  record Event(
      long atMs,
      ByteBuffer packet,
      boolean accepted,
      boolean hotdrop,
      int rule,
      @Nullable Map<String, List<String>> state) {
    static final int UNKNOWN = -2;
  }
}

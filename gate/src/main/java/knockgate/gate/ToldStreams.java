package knockgate.gate;

import knockgate.rules.Packet;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.Protocol;

/**
 * Which streams of admitted packets were told of lately. A connection passes the gate once, but not
 * where the kernel calls all of its packets new (UDP that nobody answers) or where the rules send
 * every one to the gate (answers, see {@link knockgate.gate.firewall.FirewallRules}): an event for
 * each of those would fill disk and memory at the speed of the line. So one of the same two ends is
 * told at most once a minute; a SYN always is.
 *
 * <p>Fixed memory: where two streams share a place, both are told more often. Used by the lane's
 * gatekeeper thread; allocates nothing.
 */
final class ToldStreams {
  private static final int PLACE_BITS = 10;
  private static final long AGAIN_NS = 60_000_000_000L;

  private final long[] ends = new long[1 << PLACE_BITS];
  private final long[] toldNs = new long[1 << PLACE_BITS];

  /**
   * Whether an admitted packet is to be told of; if so, it counts as told.
   *
   * @param nowNs never going back
   */
  boolean tells(Packet packet, long nowNs) {
    if (packet.protocol == Protocol.TCP && (packet.flags & TcpFlags.SYN) != 0) {
      return true;
    }
    long key = key(packet);
    int place = (int) (key >>> (Long.SIZE - PLACE_BITS));
    if (ends[place] == key && nowNs - toldNs[place] < AGAIN_NS) {
      return false;
    }
    ends[place] = key;
    toldNs[place] = nowNs;
    return true;
  }

  /** Never 0, which stands for an empty place. */
  private static long key(Packet packet) {
    int protocol = packet.protocol == null ? 0 : 1 + packet.protocol.number();
    long key =
        fold(protocol, (long) packet.door << 32 | (long) packet.srcPort << 16 | packet.dstPort);
    key = fold(fold(key, packet.srcHi), packet.srcLo);
    return fold(fold(key, packet.dstHi), packet.dstLo) | 1;
  }

  private static long fold(long hash, long word) {
    long mixed = (hash ^ word) * 0x9e3779b97f4a7c15L;
    return mixed ^ mixed >>> 32;
  }
}

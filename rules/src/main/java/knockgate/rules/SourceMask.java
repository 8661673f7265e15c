package knockgate.rules;

import knockgate.rules.table.KeyHash;
import knockgate.rules.words.Prefix;

/**
 * How much of a packet's source counts: its first so many bits, the same for all who share these.
 * Mostly it is the whole address. Immutable.
 */
final class SourceMask {
  /** IPv4 addresses are the last 32 bits of ::ffff:0:0/96. */
  private static final int V4_OFFSET = 96;

  private static final int WHOLE = 128;

  private final KeyHash keyHash;
  private final boolean wholeV4;
  private final boolean wholeV6;
  private final long hiV4;
  private final long loV4;
  private final long hiV6;
  private final long loV6;

  /**
   * A mask.
   *
   * @param lengthV4 bits of an IPv4 address that count, 0 to 32
   * @param lengthV6 the same for IPv6, 0 to 128
   */
  SourceMask(int lengthV4, int lengthV6, KeyHash keyHash) {
    this.keyHash = keyHash;
    this.wholeV4 = V4_OFFSET + lengthV4 == WHOLE;
    this.wholeV6 = lengthV6 == WHOLE;
    this.hiV4 = Prefix.maskHi(V4_OFFSET + lengthV4);
    this.loV4 = Prefix.maskLo(V4_OFFSET + lengthV4);
    this.hiV6 = Prefix.maskHi(lengthV6);
    this.loV6 = Prefix.maskLo(lengthV6);
  }

  /** First half of what counts of a packet's source. */
  long hi(Packet packet) {
    return hi(packet.version == 4, packet.srcHi);
  }

  /** Second half. */
  long lo(Packet packet) {
    return lo(packet.version == 4, packet.srcLo);
  }

  /** The hash of both; the whole source was hashed before. */
  long hash(Packet packet) {
    boolean isWhole = packet.version == 4 ? wholeV4 : wholeV6;
    return isWhole ? packet.srcHash : keyHash.of(hi(packet), lo(packet));
  }

  /** First half of what counts of an address. */
  long hi(boolean v4, long hi) {
    return hi & (v4 ? hiV4 : hiV6);
  }

  /** Second half. */
  long lo(boolean v4, long lo) {
    return lo & (v4 ? loV4 : loV6);
  }
}

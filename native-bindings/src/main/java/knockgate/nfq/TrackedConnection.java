package knockgate.nfq;

import static knockgate.nfq.Netlink.NFGENMSG_FAMILY;
import static knockgate.nfq.Netlink.NFNL_ATTRIBUTES;
import static knockgate.nfq.Netlink.NLA_HDRLEN;
import static knockgate.nfq.Netlink.NLA_LEN;
import static knockgate.nfq.Netlink.NLA_TYPE;
import static knockgate.nfq.Netlink.NLA_TYPE_MASK;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * One connection that the kernel tracks, as far as it concerns a gate.
 *
 * <pre>
 *   nlmsghdr 16 | nfgenmsg 4 | CTA_TUPLE_ORIG { CTA_TUPLE_IP { source, destination }
 *                                               CTA_TUPLE_PROTO { number, source and destination port } }
 *                            | CTA_TUPLE_REPLY { the same, as answers have it } | ... | CTA_ID | ...
 * </pre>
 *
 * @param ipProtocol 6 = TCP, 17 = UDP, and so on
 * @param peerHi who began it, first 64 bits of the address; an IPv4 address is ::ffff:a.b.c.d
 * @param peerLo the last 64 bits
 * @param port where it leads on this machine, behind any translation; 0 = no port is known
 */
public record TrackedConnection(int ipProtocol, long peerHi, long peerLo, int port) {
  // linux/netfilter/nfnetlink_conntrack.h: enum ctattr_type, ctattr_tuple, ctattr_ip,
  // ctattr_l4proto
  static final int CTA_TUPLE_ORIG = 1;
  static final int CTA_TUPLE_REPLY = 2;
  static final int CTA_ID = 12;
  static final int CTA_ZONE = 18;
  private static final int CTA_TUPLE_IP = 1;
  private static final int CTA_TUPLE_PROTO = 2;
  private static final int CTA_IP_V4_SRC = 1;
  private static final int CTA_IP_V6_SRC = 3;
  private static final int CTA_PROTO_NUM = 1;
  private static final int CTA_PROTO_SRC_PORT = 2;

  private static final int AF_INET6 = 10;

  /** ::ffff:0:0, in front of an IPv4 address. */
  private static final long V4_MAPPED = 0xffff_0000_0000L;

  /**
   * Reads one message of a dump.
   *
   * @param message native byte order; every length in it is checked
   * @param at where its header begins
   * @param end where it ends
   * @return null = it lacks what it should have
   */
  static @Nullable TrackedConnection read(ByteBuffer message, int at, int end) {
    int original = attribute(message, at + NFNL_ATTRIBUTES, end, CTA_TUPLE_ORIG);
    int reply = attribute(message, at + NFNL_ATTRIBUTES, end, CTA_TUPLE_REPLY);
    if (original < 0 || reply < 0) {
      return null;
    }
    boolean v6 = message.get(at + NFGENMSG_FAMILY) == AF_INET6;
    int source =
        value(message, original, CTA_TUPLE_IP, v6 ? CTA_IP_V6_SRC : CTA_IP_V4_SRC, v6 ? 16 : 4);
    int protocol = value(message, original, CTA_TUPLE_PROTO, CTA_PROTO_NUM, 1);
    if (source < 0 || protocol < 0) {
      return null;
    }
    int port = value(message, reply, CTA_TUPLE_PROTO, CTA_PROTO_SRC_PORT, Short.BYTES);
    ByteBuffer network = message.duplicate().order(ByteOrder.BIG_ENDIAN);
    return new TrackedConnection(
        message.get(protocol) & 0xff,
        v6 ? network.getLong(source) : 0,
        v6 ? network.getLong(source + 8) : V4_MAPPED | network.getInt(source) & 0xffff_ffffL,
        port < 0 ? 0 : network.getShort(port) & 0xffff);
  }

  /** Where the value of an attribute within a nest within a nest is; -1 = not there, or shorter. */
  private static int value(ByteBuffer message, int nest, int innerType, int type, int length) {
    int inner = attribute(message, nest + NLA_HDRLEN, endOf(message, nest), innerType);
    int at = inner < 0 ? -1 : attribute(message, inner + NLA_HDRLEN, endOf(message, inner), type);
    return at < 0 || lengthOf(message, at) < NLA_HDRLEN + length ? -1 : at + NLA_HDRLEN;
  }

  /** Where the first attribute of a type begins, or -1. */
  static int attribute(ByteBuffer message, int from, int end, int type) {
    int at = from;
    while (at + NLA_HDRLEN <= end) {
      int length = lengthOf(message, at);
      if (length < NLA_HDRLEN || at + length > end) {
        return -1;
      }
      if ((message.getShort(at + NLA_TYPE) & NLA_TYPE_MASK) == type) {
        return at;
      }
      at += Netlink.align(length);
    }
    return -1;
  }

  static int lengthOf(ByteBuffer message, int attribute) {
    return message.getShort(attribute + NLA_LEN) & 0xffff;
  }

  private static int endOf(ByteBuffer message, int attribute) {
    return attribute + lengthOf(message, attribute);
  }
}

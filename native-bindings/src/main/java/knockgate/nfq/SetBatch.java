package knockgate.nfq;

import static knockgate.nfq.Netlink.IPSET_ATTR_CIDR;
import static knockgate.nfq.Netlink.IPSET_ATTR_DATA;
import static knockgate.nfq.Netlink.IPSET_ATTR_IP;
import static knockgate.nfq.Netlink.IPSET_ATTR_IPADDR_IPV4;
import static knockgate.nfq.Netlink.IPSET_ATTR_IPADDR_IPV6;
import static knockgate.nfq.Netlink.IPSET_ATTR_PROTOCOL;
import static knockgate.nfq.Netlink.IPSET_ATTR_SETNAME;
import static knockgate.nfq.Netlink.IPSET_ATTR_TIMEOUT;
import static knockgate.nfq.Netlink.NFNL_ATTRIBUTES;
import static knockgate.nfq.Netlink.NLA_F_NESTED;
import static knockgate.nfq.Netlink.NLA_F_NET_BYTEORDER;
import static knockgate.nfq.Netlink.NLA_HDRLEN;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Requests to add to one set, packed into one buffer that leaves in one send. An element that is in
 * the set already gets the new timeout; an acknowledgement comes only for what is refused.
 *
 * <pre>
 *   0        16              20                28
 *   nlmsghdr | family, 0, 0  | nlattr PROTOCOL | nlattr SETNAME (text, 0)
 *   | nlattr DATA { nlattr IP { nlattr IPADDR_IPV4 (be32) or IPADDR_IPV6 (16) }
 *                   nlattr CIDR (u8)       only for a prefix
 *                   nlattr TIMEOUT (be32)  seconds }
 * </pre>
 *
 * <p>The form is that of IPSET_CMD_ADD in net/netfilter/ipset/ip_set_core.c, ip_set_ad. Owner: the
 * thread that decides; nothing is allocated after construction.
 */
final class SetBatch {
  private static final int FIXED_LENGTH = 28;
  private static final int V4_BYTES = 4;
  private static final int V6_BYTES = 16;

  private final ByteBuffer memory;
  private final ByteBuffer view;
  private final long address;
  private final byte[] name;
  private final boolean v4;
  private final int capacity;
  private int count;
  private int bytes;

  /**
   * An empty batch.
   *
   * @param set its name, 1 to 31 ASCII characters
   * @param v4 whether it holds IPv4 addresses; otherwise IPv6
   * @param capacity most requests of one send
   */
  SetBatch(String set, boolean v4, int capacity) {
    byte[] text = set.getBytes(StandardCharsets.US_ASCII);
    if (text.length == 0 || text.length >= Netlink.IPSET_MAXNAMELEN) {
      throw new IllegalArgumentException("no name of a set: " + set);
    }
    this.name = text;
    this.v4 = v4;
    this.capacity = capacity;
    int longest = FIXED_LENGTH + 7 * NLA_HDRLEN + Netlink.IPSET_MAXNAMELEN + V6_BYTES + 3 * 4;
    memory = ByteBuffer.allocateDirect(capacity * longest).order(ByteOrder.nativeOrder());
    view = memory.duplicate().order(ByteOrder.BIG_ENDIAN);
    address = Pointer.wrap(Runtime.getSystemRuntime(), memory).address();
  }

  /** Adds an address; {@code hi} counts for IPv6 only. */
  void add(long hi, long lo, int timeoutSeconds) {
    add(hi, lo, 0, timeoutSeconds);
  }

  /**
   * Adds a prefix.
   *
   * @param prefixLength 1 to 32 or 128; 0 = a single address, for a set that knows no prefixes
   * @param timeoutSeconds how long it stays
   * @throws IllegalStateException when the batch is full
   */
  void add(long hi, long lo, int prefixLength, int timeoutSeconds) {
    if (isFull()) {
      throw new IllegalStateException("set batch is full");
    }
    int start = bytes;
    int data = putHeader(start);
    int at = putAddress(data + NLA_HDRLEN, hi, lo);
    if (prefixLength > 0) {
      attribute(at, IPSET_ATTR_CIDR, 1);
      memory.putInt(at + NLA_HDRLEN, 0);
      memory.put(at + NLA_HDRLEN, (byte) prefixLength);
      at += 2 * NLA_HDRLEN;
    }
    attribute(at, IPSET_ATTR_TIMEOUT | NLA_F_NET_BYTEORDER, Integer.BYTES);
    view.putInt(at + NLA_HDRLEN, timeoutSeconds);
    at += NLA_HDRLEN + Integer.BYTES;
    attribute(data, IPSET_ATTR_DATA | NLA_F_NESTED, at - data - NLA_HDRLEN);
    memory.putInt(start + Netlink.NLMSG_LEN, at - start);
    bytes = at;
    count++;
  }

  /** Everything in front of the attribute DATA; returns where that begins. */
  private int putHeader(int start) {
    memory.putShort(start + Netlink.NLMSG_TYPE, (short) Netlink.IPSET_MSG_ADD);
    memory.putShort(start + Netlink.NLMSG_FLAGS, (short) Netlink.NLM_F_REQUEST);
    memory.putInt(start + Netlink.NLMSG_SEQ, 0);
    memory.putInt(start + Netlink.NLMSG_PID, 0);
    memory.putInt(start + Netlink.NFGENMSG_FAMILY, 0);
    memory.put(start + Netlink.NFGENMSG_FAMILY, (byte) (v4 ? Netlink.AF_INET : Netlink.AF_INET6));
    int at = start + NFNL_ATTRIBUTES;
    attribute(at, IPSET_ATTR_PROTOCOL, 1);
    memory.putInt(at + NLA_HDRLEN, 0);
    memory.put(at + NLA_HDRLEN, (byte) Netlink.IPSET_PROTOCOL);
    at += 2 * NLA_HDRLEN;
    attribute(at, IPSET_ATTR_SETNAME, name.length + 1);
    int end = at + NLA_HDRLEN + Netlink.align(name.length + 1);
    memory.putInt(end - Integer.BYTES, 0); // the end of the text and the padding
    for (int i = 0; i < name.length; i++) {
      memory.put(at + NLA_HDRLEN + i, name[i]);
    }
    return end;
  }

  private int putAddress(int at, long hi, long lo) {
    int length = v4 ? V4_BYTES : V6_BYTES;
    int type = v4 ? IPSET_ATTR_IPADDR_IPV4 : IPSET_ATTR_IPADDR_IPV6;
    attribute(at, IPSET_ATTR_IP | NLA_F_NESTED, NLA_HDRLEN + length);
    attribute(at + NLA_HDRLEN, type | NLA_F_NET_BYTEORDER, length);
    int bytesAt = at + 2 * NLA_HDRLEN;
    if (v4) {
      view.putInt(bytesAt, (int) lo);
    } else {
      view.putLong(bytesAt, hi);
      view.putLong(bytesAt + Long.BYTES, lo);
    }
    return bytesAt + length;
  }

  private void attribute(int at, int type, int valueLength) {
    memory.putShort(at, (short) (NLA_HDRLEN + valueLength));
    memory.putShort(at + Netlink.NLA_TYPE, (short) type);
  }

  int count() {
    return count;
  }

  boolean isFull() {
    return count == capacity;
  }

  void clear() {
    count = 0;
    bytes = 0;
  }

  /** Bytes of all requests. */
  int bytes() {
    return bytes;
  }

  /** Address of the first request; only while this object is reachable. */
  long address() {
    return address;
  }

  /** The requests, for tests. */
  ByteBuffer memory() {
    return memory;
  }
}

package knockgate.nfq;

/**
 * Netlink and nfnetlink_queue numbers under the kernel's own names, so that a search finds the
 * header. All of them are kernel interface and never change.
 */
final class Netlink {
  // linux/netlink.h: struct nlmsghdr, 16 bytes, native byte order.
  static final int NLMSG_LEN = 0;
  static final int NLMSG_TYPE = 4;
  static final int NLMSG_FLAGS = 6;
  static final int NLMSG_SEQ = 8;
  static final int NLMSG_PID = 12;
  static final int NLMSG_HDRLEN = 16;

  // linux/netlink.h: message types and flags.
  static final int NLMSG_NOOP = 1;
  static final int NLMSG_ERROR = 2;
  static final int NLM_F_REQUEST = 1;
  static final int NLM_F_ACK = 4;

  /** linux/netlink.h: struct nlmsgerr begins with the negative errno; 0 acknowledges. */
  static final int NLMSGERR_ERROR = NLMSG_HDRLEN;

  /** linux/netlink.h: the address family whose sockets /proc/net/netlink lists with Eth 12. */
  static final int NETLINK_NETFILTER = 12;

  // linux/netlink.h: struct nlattr, native byte order; the two top bits of the type are flags.
  static final int NLA_LEN = 0;
  static final int NLA_TYPE = 2;
  static final int NLA_HDRLEN = 4;
  static final int NLA_TYPE_MASK = 0x3fff;
  static final int NLA_F_NESTED = 1 << 15;
  static final int NLA_F_NET_BYTEORDER = 1 << 14;

  // linux/netfilter/nfnetlink.h: struct nfgenmsg, 4 bytes; the resource id is in network order.
  static final int NFGENMSG_FAMILY = NLMSG_HDRLEN;
  static final int NFGENMSG_RES_ID = NLMSG_HDRLEN + 2;

  /** Where the attributes of an nfnetlink message begin. */
  static final int NFNL_ATTRIBUTES = NLMSG_HDRLEN + 4;

  static final int NFNL_SUBSYS_QUEUE = 3;

  // linux/netfilter/nfnetlink_queue.h: enum nfqnl_msg_types, with the subsystem in the high byte.
  static final int NFQNL_MSG_PACKET = NFNL_SUBSYS_QUEUE << 8;
  static final int NFQNL_MSG_VERDICT = NFNL_SUBSYS_QUEUE << 8 | 1;
  static final int NFQNL_MSG_VERDICT_BATCH = NFNL_SUBSYS_QUEUE << 8 | 3;
  static final int NFQNL_MSG_CONFIG = NFNL_SUBSYS_QUEUE << 8 | 2;

  // linux/netfilter/nfnetlink_queue.h: enum nfqnl_attr_type, those that are read or written here.
  static final int NFQA_PACKET_HDR = 1;
  static final int NFQA_VERDICT_HDR = 2;
  static final int NFQA_MARK = 3;
  static final int NFQA_PAYLOAD = 10;
  static final int NFQA_CAP_LEN = 13;

  // linux/netfilter/nfnetlink_queue.h: struct nfqnl_msg_packet_hdr, 7 bytes, packed, network order.
  static final int PACKET_HDR_ID = 0;
  static final int PACKET_HDR_HOOK = 6;
  static final int PACKET_HDR_LEN = 7;

  // linux/netfilter/nfnetlink_queue.h: enum nfqnl_attr_config, nfqnl_config_mode, flags.
  static final int NFQA_CFG_CMD = 1;
  static final int NFQA_CFG_PARAMS = 2;
  static final int NFQA_CFG_QUEUE_MAXLEN = 3;
  static final int NFQA_CFG_MASK = 4;
  static final int NFQA_CFG_FLAGS = 5;
  static final int NFQNL_CFG_CMD_BIND = 1;
  static final int NFQNL_COPY_PACKET = 2;
  static final int NFQA_CFG_F_FAIL_OPEN = 1;
  static final int NFQA_CFG_F_GSO = 1 << 2;

  /** net/netfilter/nfnetlink_queue.c: NFQNL_MAX_COPY_RANGE, what one attribute can hold. */
  static final int NFQNL_MAX_COPY_RANGE = 0xffff - NLA_HDRLEN;

  // linux/netfilter/ipset/ip_set.h: adding to a set.
  static final int NFNL_SUBSYS_IPSET = 6;
  static final int IPSET_MSG_ADD = NFNL_SUBSYS_IPSET << 8 | 9;

  /** The oldest protocol that every kernel since 2.6.39 takes; 7 only added commands. */
  static final int IPSET_PROTOCOL = 6;

  static final int IPSET_MAXNAMELEN = 32;
  static final int IPSET_ATTR_PROTOCOL = 1;
  static final int IPSET_ATTR_SETNAME = 2;
  static final int IPSET_ATTR_DATA = 7;
  static final int IPSET_ATTR_IP = 1;
  static final int IPSET_ATTR_CIDR = 3;
  static final int IPSET_ATTR_TIMEOUT = 6;
  static final int IPSET_ATTR_IPADDR_IPV4 = 1;
  static final int IPSET_ATTR_IPADDR_IPV6 = 2;

  // linux/netfilter.h: verdicts.
  static final int NF_DROP = 0;
  static final int NF_ACCEPT = 1;

  // sys/socket.h
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int AF_NETLINK = 16;
  static final int SOCK_RAW = 3;
  static final int SOCK_CLOEXEC = 0x80000;

  // asm-generic/socket.h, linux/socket.h; the same on every 64-bit architecture that jffi serves.
  static final int SOL_SOCKET = 1;
  static final int SO_RCVBUF = 8;
  static final int SO_RCVBUFFORCE = 33;
  static final int MSG_PEEK = 0x2;
  static final int MSG_TRUNC = 0x20;
  static final int MSG_DONTWAIT = 0x40;
  static final int MSG_WAITFORONE = 0x10000;

  private Netlink() {}

  /** Lengths of messages and attributes are rounded up to four bytes (NLMSG_ALIGN, NLA_ALIGN). */
  static int align(int length) {
    return length + 3 & ~3;
  }
}

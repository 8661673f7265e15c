package knockgate.nfq;

import static knockgate.nfq.Netlink.NFNL_ATTRIBUTES;
import static knockgate.nfq.Netlink.NFQA_CAP_LEN;
import static knockgate.nfq.Netlink.NFQA_MARK;
import static knockgate.nfq.Netlink.NFQA_PACKET_HDR;
import static knockgate.nfq.Netlink.NFQA_PAYLOAD;
import static knockgate.nfq.Netlink.NFQNL_MSG_PACKET;
import static knockgate.nfq.Netlink.NLA_HDRLEN;
import static knockgate.nfq.Netlink.NLA_LEN;
import static knockgate.nfq.Netlink.NLA_TYPE;
import static knockgate.nfq.Netlink.NLA_TYPE_MASK;
import static knockgate.nfq.Netlink.NLMSGERR_ERROR;
import static knockgate.nfq.Netlink.NLMSG_ERROR;
import static knockgate.nfq.Netlink.NLMSG_HDRLEN;
import static knockgate.nfq.Netlink.NLMSG_LEN;
import static knockgate.nfq.Netlink.NLMSG_SEQ;
import static knockgate.nfq.Netlink.NLMSG_TYPE;
import static knockgate.nfq.Netlink.PACKET_HDR_HOOK;
import static knockgate.nfq.Netlink.PACKET_HDR_ID;
import static knockgate.nfq.Netlink.PACKET_HDR_LEN;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One received netlink message, read where it lies.
 *
 * <pre>
 *   0        16         20                                   nlmsg_len
 *   nlmsghdr | nfgenmsg | nlattr value pad | nlattr value pad ...
 *              (packet)   PACKET_HDR, ..., MARK, ..., CAP_LEN, PAYLOAD (always last)
 *   nlmsghdr | error    | header of the refused message
 *              (error)
 * </pre>
 *
 * <p>{@link #wrap} reads the attributes in one pass and never throws. A message whose packet id
 * could be read is a packet whatever follows: only a verdict frees its place in the kernel's queue.
 * An attribute that is longer than what was received ends the pass, so a payload is there whole (as
 * the kernel copied it) or not at all. Owner: the reader thread of the queue.
 */
public final class PacketMessage {
  private final ByteBuffer memory;
  private final ByteBuffer view;
  private final int start;

  private boolean packet;
  private boolean error;
  private boolean truncated;
  private int errno;
  private int sequence;
  private int packetId;
  private int hook;
  private int mark;
  private int payloadOffset;
  private int payloadLength;
  private int originalLength;

  /**
   * A flyweight over a slot.
   *
   * @param memory in native order
   * @param view another buffer over the same memory; its order becomes network order
   * @param start where the slot begins in both
   */
  PacketMessage(ByteBuffer memory, ByteBuffer view, int start) {
    this.memory = memory;
    this.view = view.order(ByteOrder.BIG_ENDIAN);
    this.start = start;
  }

  /**
   * Reads what was just received into the slot.
   *
   * @param length bytes received, not more than the slot holds
   * @param cut whether the message was longer than the slot (MSG_TRUNC)
   */
  void wrap(int length, boolean cut) {
    reset();
    truncated = cut;
    if (length < NLMSG_HDRLEN) {
      return;
    }
    int declared = memory.getInt(start + NLMSG_LEN);
    if (declared < NLMSG_HDRLEN || (declared > length && !cut)) {
      return;
    }
    int end = start + Math.min(declared, length);
    int type = memory.getShort(start + NLMSG_TYPE) & 0xffff;
    if (type == NFQNL_MSG_PACKET) {
      readAttributes(end);
    } else if (type == NLMSG_ERROR && end - start >= NLMSGERR_ERROR + Integer.BYTES) {
      error = true;
      errno = -memory.getInt(start + NLMSGERR_ERROR);
      sequence = memory.getInt(start + NLMSG_SEQ);
    }
  }

  private void reset() {
    packet = false;
    error = false;
    errno = 0;
    sequence = 0;
    packetId = 0;
    hook = 0;
    mark = 0;
    payloadOffset = start;
    payloadLength = 0;
    originalLength = 0;
  }

  private void readAttributes(int end) {
    int at = start + NFNL_ATTRIBUTES;
    while (end - at >= NLA_HDRLEN) {
      int length = memory.getShort(at + NLA_LEN) & 0xffff;
      if (length < NLA_HDRLEN || length > end - at) {
        break;
      }
      int type = memory.getShort(at + NLA_TYPE) & NLA_TYPE_MASK;
      readAttribute(type, at + NLA_HDRLEN, length - NLA_HDRLEN);
      at += Netlink.align(length);
    }
    if (originalLength < payloadLength) {
      originalLength = payloadLength;
    }
  }

  private void readAttribute(int type, int at, int length) {
    switch (type) {
      case NFQA_PACKET_HDR -> {
        if (length >= PACKET_HDR_LEN) {
          packet = true;
          packetId = view.getInt(at + PACKET_HDR_ID);
          hook = view.get(at + PACKET_HDR_HOOK) & 0xff;
        }
      }
      case NFQA_MARK -> mark = length >= Integer.BYTES ? view.getInt(at) : 0;
      case NFQA_CAP_LEN -> originalLength = length >= Integer.BYTES ? view.getInt(at) : 0;
      case NFQA_PAYLOAD -> {
        payloadOffset = at;
        payloadLength = length;
      }
      default -> {
        // Interfaces, hardware address, time stamp and so on: nobody here reads them.
      }
    }
  }

  /** Whether this is a queued packet: it needs a verdict. */
  boolean isPacket() {
    return packet;
  }

  /** Whether this is the kernel's answer to a message of ours. */
  boolean isError() {
    return error;
  }

  /** The errno of the answer; 0 is an acknowledgement. */
  int error() {
    return errno;
  }

  /** The sequence number of the message that is answered. */
  int sequence() {
    return sequence;
  }

  /** Whether the slot was too small for the message: the payload is missing. */
  boolean isTruncated() {
    return truncated;
  }

  /** The id that the verdict names; unique in its queue, counts up from 1 and wraps. */
  public int packetId() {
    return packetId;
  }

  /** The mark that the packet came with; 0 when it had none. */
  public int mark() {
    return mark;
  }

  /** The netfilter hook: 1 is LOCAL_IN (linux/netfilter.h). */
  public int hook() {
    return hook;
  }

  /** The memory that holds the packet, in network order. Read it with absolute gets only. */
  public ByteBuffer buffer() {
    return view;
  }

  /** Where the IP header begins in {@link #buffer}. */
  public int payloadOffset() {
    return payloadOffset;
  }

  /** Bytes of the packet that are here; 0 when there are none. */
  public int payloadLength() {
    return payloadLength;
  }

  /** Bytes of the packet as it travelled; more than the payload when the copy range cut it. */
  int originalLength() {
    return originalLength;
  }
}

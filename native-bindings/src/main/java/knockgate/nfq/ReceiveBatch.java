package knockgate.nfq;

import static knockgate.nfq.Netlink.MSG_TRUNC;
import static knockgate.nfq.Netlink.NFNL_ATTRIBUTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Room for the messages of one recvmmsg call, laid out once in one direct buffer.
 *
 * <pre>
 *   0                 64 n              80 n rounded up to 64
 *   struct mmsghdr[n] | struct iovec[n] | slot 0 | slot 1 | ... | slot n-1
 *
 *   mmsghdr (64 bytes): 0 msg_name 8 msg_namelen 16 msg_iov 24 msg_iovlen 32 msg_control
 *                       40 msg_controllen 48 msg_flags 56 msg_len
 *   iovec   (16 bytes): 0 iov_base 8 iov_len
 * </pre>
 *
 * <p>The kernel writes only msg_flags, msg_len and the slots, so nothing has to be laid out again.
 * The sender's address is not asked for: only the kernel, or a process with CAP_NET_ADMIN, can send
 * to a netfilter socket. Owner: the reader thread of the queue.
 */
public final class ReceiveBatch {
  private static final int MMSGHDR = 64;
  private static final int MSG_IOV = 16;
  private static final int MSG_IOVLEN = 24;
  private static final int MSG_FLAGS = 48;
  private static final int MSG_LEN = 56;
  private static final int IOVEC = 16;
  private static final int IOV_LEN = 8;
  private static final int CACHE_LINE = 64;

  /** UIO_MAXIOV: the kernel reads no more in one call. */
  private static final int MOST_MESSAGES = 1024;

  /**
   * All attributes that the kernel may put before the payload, headers included: about 200 bytes
   * without a security context, VLAN and layer 2 header; twice that with them.
   */
  private static final int METADATA = 512;

  private final ByteBuffer memory;
  private final long address;
  private final int slotBytes;
  private final PacketMessage[] messages;
  private final PacketMessage[] packets;
  private int truncated;
  private int refused;
  private int malformed;
  private int answers;
  private int answer;

  /**
   * Allocates the batch.
   *
   * @param messages most messages of one call, 1 to 1024
   * @param slotBytes room for each; {@link #slotBytesFor} is enough for a copy range
   */
  public ReceiveBatch(int messages, int slotBytes) {
    if (messages < 1 || messages > MOST_MESSAGES || slotBytes < NFNL_ATTRIBUTES) {
      throw new IllegalArgumentException(messages + " messages of " + slotBytes + " bytes");
    }
    this.slotBytes = lines(slotBytes);
    int slots = lines(messages * (MMSGHDR + IOVEC));
    memory =
        ByteBuffer.allocateDirect(
                Math.addExact(slots, Math.multiplyExact(messages, this.slotBytes)))
            .order(ByteOrder.nativeOrder());
    address = Pointer.wrap(Runtime.getSystemRuntime(), memory).address();
    this.messages = new PacketMessage[messages];
    packets = new PacketMessage[messages];
    ByteBuffer view = memory.duplicate();
    for (int i = 0; i < messages; i++) {
      int iovec = messages * MMSGHDR + i * IOVEC;
      int slot = slots + i * this.slotBytes;
      memory.putLong(i * MMSGHDR + MSG_IOV, address + iovec);
      memory.putLong(i * MMSGHDR + MSG_IOVLEN, 1);
      memory.putLong(iovec, address + slot);
      memory.putLong(iovec + IOV_LEN, this.slotBytes);
      this.messages[i] = new PacketMessage(memory, view, slot);
      packets[i] = this.messages[i];
    }
  }

  private static int lines(int bytes) {
    return Math.addExact(bytes, CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
  }

  /** Slot bytes with which no packet message of this copy range is ever cut. */
  public static int slotBytesFor(int copyRange) {
    return lines(copyRange + METADATA);
  }

  /**
   * Reads what recvmmsg has just put into the first slots, and keeps the packets among it, in
   * order.
   *
   * @return how many of the messages are packets
   */
  int wrap(int received) {
    truncated = 0;
    refused = 0;
    malformed = 0;
    answers = 0;
    int count = 0;
    for (int i = 0; i < received; i++) {
      PacketMessage message = messages[i];
      int length = Math.min(memory.getInt(i * MMSGHDR + MSG_LEN), slotBytes);
      message.wrap(length, (memory.getInt(i * MMSGHDR + MSG_FLAGS) & MSG_TRUNC) != 0);
      if (message.isTruncated()) {
        truncated++;
      }
      if (message.isPacket()) {
        packets[count++] = message;
      } else if (!message.isError()) {
        malformed++;
      } else if (message.sequence() == ConfigMessage.WATCHED) {
        answers++;
        answer = message.error();
      } else if (message.error() != 0) {
        refused++;
      }
    }
    return count;
  }

  /**
   * A packet of the last {@link QueueSocket#receive}, in the order of the queue. Valid until the
   * next one.
   *
   * @param index 0 to one less than what receive returned
   */
  public PacketMessage message(int index) {
    return packets[index];
  }

  /** Most messages of one call. */
  public int capacity() {
    return messages.length;
  }

  /** Address of the mmsghdr array; only while this object is reachable. */
  long address() {
    return address;
  }

  /** Messages of the last call that did not fit their slot. */
  int truncated() {
    return truncated;
  }

  /** Answers of the last call that refuse a message of ours. */
  int refused() {
    return refused;
  }

  /** Answers of the last call to requests that somebody watches; each is told once. */
  int takeAnswers() {
    int taken = answers;
    answers = 0;
    return taken;
  }

  /** The errno of the last of them; 0 = the kernel did as it was asked. */
  int answer() {
    return answer;
  }

  /** Messages of the last call that are neither packets nor answers. */
  int malformed() {
    return malformed;
  }

  /** The whole buffer, for tests that play the kernel. */
  ByteBuffer memory() {
    return memory;
  }
}

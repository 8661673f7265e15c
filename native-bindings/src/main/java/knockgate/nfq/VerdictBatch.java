package knockgate.nfq;

import static knockgate.nfq.Netlink.NFGENMSG_RES_ID;
import static knockgate.nfq.Netlink.NFNL_ATTRIBUTES;
import static knockgate.nfq.Netlink.NFQA_MARK;
import static knockgate.nfq.Netlink.NFQA_VERDICT_HDR;
import static knockgate.nfq.Netlink.NFQNL_MSG_VERDICT;
import static knockgate.nfq.Netlink.NFQNL_MSG_VERDICT_BATCH;
import static knockgate.nfq.Netlink.NF_ACCEPT;
import static knockgate.nfq.Netlink.NF_DROP;
import static knockgate.nfq.Netlink.NLA_HDRLEN;
import static knockgate.nfq.Netlink.NLMSG_FLAGS;
import static knockgate.nfq.Netlink.NLMSG_LEN;
import static knockgate.nfq.Netlink.NLMSG_PID;
import static knockgate.nfq.Netlink.NLMSG_SEQ;
import static knockgate.nfq.Netlink.NLMSG_TYPE;
import static knockgate.nfq.Netlink.NLM_F_REQUEST;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Verdicts in the order of their packets, packed into one buffer that leaves in one send.
 *
 * <pre>
 *   0        16                   20                              32                 40
 *   nlmsghdr | family 0, version 0, | nlattr VERDICT_HDR            | nlattr MARK
 *            | queue (be16)         | verdict (be32), id (be32)     | mark (be32)  only if given
 * </pre>
 *
 * <p>In packet order on purpose: the kernel looks for a packet from the front of its list. No
 * acknowledgement is asked for; the kernel answers only what it refuses. Owner: the thread that
 * decides.
 *
 * <p>Neighbours that are judged alike share one message, NFQNL_MSG_VERDICT_BATCH: "all packets up
 * to this id". That spares the kernel a message to parse for each, and the queue's lock, for which
 * arriving packets wait. It judges none that we have not: the kernel numbers packets and hands them
 * to us under that lock, so whatever is before a run has its verdict already. A number left out, or
 * a queue that counts anew, begins a new message; a packet without a like neighbour is named alone.
 */
public final class VerdictBatch {
  private static final int VERDICT = NFNL_ATTRIBUTES + NLA_HDRLEN;
  private static final int VERDICT_ID = VERDICT + Integer.BYTES;
  private static final int PLAIN_LENGTH = VERDICT_ID + Integer.BYTES;
  private static final int MARK = PLAIN_LENGTH + NLA_HDRLEN;
  private static final int MARKED_LENGTH = MARK + Integer.BYTES;

  /** 40 KiB: far below the smallest usual send buffer (208 KiB), which bounds one message. */
  private static final int MOST_VERDICTS = 1024;

  private final ByteBuffer memory;
  private final ByteBuffer view;
  private final long address;
  private final int capacity;
  private final short queueNumber;
  private int count;
  private int bytes;

  /** Whether the last message may take the next packet in: there is one, and it sets no mark. */
  private boolean open;

  private int lastId;
  private boolean lastAccept;

  /**
   * An empty batch.
   *
   * @param queueNumber the queue whose packets are judged
   * @param capacity most verdicts of one send, 1 to 1024
   */
  public VerdictBatch(int queueNumber, int capacity) {
    if (queueNumber < 0 || queueNumber > 0xffff || capacity < 1 || capacity > MOST_VERDICTS) {
      throw new IllegalArgumentException("queue " + queueNumber + ", capacity " + capacity);
    }
    this.queueNumber = (short) queueNumber;
    this.capacity = capacity;
    memory = ByteBuffer.allocateDirect(capacity * MARKED_LENGTH).order(ByteOrder.nativeOrder());
    view = memory.duplicate().order(ByteOrder.BIG_ENDIAN);
    address = Pointer.wrap(Runtime.getSystemRuntime(), memory).address();
  }

  /**
   * Adds a verdict; the packet keeps its mark.
   *
   * @throws IllegalStateException when the batch is full
   */
  public void add(int packetId, boolean accept) {
    if (open && accept == lastAccept && packetId == lastId + 1) {
      requireRoom();
      int at = bytes - PLAIN_LENGTH;
      memory.putShort(at + NLMSG_TYPE, (short) NFQNL_MSG_VERDICT_BATCH);
      view.putInt(at + VERDICT_ID, packetId);
      count++;
    } else {
      put(packetId, accept, PLAIN_LENGTH);
    }
    open = true;
    lastId = packetId;
    lastAccept = accept;
  }

  /**
   * Adds a verdict that sets the packet's whole mark, all 32 bits.
   *
   * @throws IllegalStateException when the batch is full
   */
  public void add(int packetId, boolean accept, int mark) {
    int at = bytes;
    put(packetId, accept, MARKED_LENGTH);
    attribute(at + PLAIN_LENGTH, NFQA_MARK, Integer.BYTES);
    view.putInt(at + MARK, mark);
    open = false;
  }

  private void requireRoom() {
    if (isFull()) {
      throw new IllegalStateException("verdict batch is full");
    }
  }

  private void put(int packetId, boolean accept, int length) {
    requireRoom();
    int at = bytes;
    memory.putInt(at + NLMSG_LEN, length);
    memory.putShort(at + NLMSG_TYPE, (short) NFQNL_MSG_VERDICT);
    memory.putShort(at + NLMSG_FLAGS, (short) NLM_F_REQUEST);
    memory.putInt(at + NLMSG_SEQ, 0);
    memory.putInt(at + NLMSG_PID, 0);
    memory.putInt(at + Netlink.NFGENMSG_FAMILY, 0);
    view.putShort(at + NFGENMSG_RES_ID, queueNumber);
    attribute(at + NFNL_ATTRIBUTES, NFQA_VERDICT_HDR, 2 * Integer.BYTES);
    view.putInt(at + VERDICT, accept ? NF_ACCEPT : NF_DROP);
    view.putInt(at + VERDICT_ID, packetId);
    bytes = at + length;
    count++;
  }

  private void attribute(int at, int type, int valueLength) {
    memory.putShort(at, (short) (NLA_HDRLEN + valueLength));
    memory.putShort(at + Netlink.NLA_TYPE, (short) type);
  }

  /** Verdicts added since the batch was last empty. */
  public int count() {
    return count;
  }

  /** Whether one more would be too many. */
  public boolean isFull() {
    return count == capacity;
  }

  /** Forgets all verdicts; {@link QueueSocket#send} does it for those that left. */
  public void clear() {
    count = 0;
    bytes = 0;
    open = false;
  }

  /** Bytes of all messages. */
  int bytes() {
    return bytes;
  }

  /** Address of the first message; only while this object is reachable. */
  long address() {
    return address;
  }

  /** The messages, for tests. */
  ByteBuffer memory() {
    return memory;
  }
}

package knockgate.nfq;

import static knockgate.nfq.Netlink.NFGENMSG_RES_ID;
import static knockgate.nfq.Netlink.NFNL_ATTRIBUTES;
import static knockgate.nfq.Netlink.NFQA_CFG_PARAMS;
import static knockgate.nfq.Netlink.NFQNL_COPY_PACKET;
import static knockgate.nfq.Netlink.NFQNL_MSG_CONFIG;
import static knockgate.nfq.Netlink.NLA_HDRLEN;
import static knockgate.nfq.Netlink.NLMSG_FLAGS;
import static knockgate.nfq.Netlink.NLMSG_HDRLEN;
import static knockgate.nfq.Netlink.NLMSG_LEN;
import static knockgate.nfq.Netlink.NLMSG_NOOP;
import static knockgate.nfq.Netlink.NLMSG_TYPE;
import static knockgate.nfq.Netlink.NLM_F_ACK;
import static knockgate.nfq.Netlink.NLM_F_REQUEST;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The small requests that are written here and not by the library; all are acknowledged. */
final class ConfigMessage {
  /** struct nfqnl_msg_config_params: copy_range (be32), copy_mode (u8), packed. */
  private static final int PARAMS_LEN = 5;

  private static final int COPY_RANGE = NFNL_ATTRIBUTES + NLA_HDRLEN;
  private static final int COPY_MODE = COPY_RANGE + Integer.BYTES;
  private static final int COPY_LENGTH = NFNL_ATTRIBUTES + Netlink.align(NLA_HDRLEN + PARAMS_LEN);

  /** Sequence number of requests whose answer is looked for; all others have none. */
  static final int WATCHED = 0x6b67;

  /** struct nfqnl_msg_config_cmd: command (u8), pad (u8), protocol family (be16). */
  private static final int CMD_LEN = 4;

  /** NLA_HDRLEN and a be32. */
  private static final int NUMBER = NLA_HDRLEN + Integer.BYTES;

  private ConfigMessage() {}

  /**
   * Sets the length of a queue to what it is: an answer of 0 says that the queue is there and
   * belongs to this socket, ENODEV that it is gone, EPERM that somebody else has it
   * (net/netfilter/nfnetlink_queue.c, nfqnl_recv_config).
   */
  static ByteBuffer ask(QueueOptions options) {
    ByteBuffer message = watched(NFNL_ATTRIBUTES + NUMBER, options);
    number(message, NFNL_ATTRIBUTES, Netlink.NFQA_CFG_QUEUE_MAXLEN, options.length());
    return message;
  }

  /** Binds a queue and sets it up, all of it in one message. */
  static ByteBuffer bind(QueueOptions options) {
    int cmd = NFNL_ATTRIBUTES;
    int params = cmd + NLA_HDRLEN + CMD_LEN;
    int length = params + Netlink.align(NLA_HDRLEN + PARAMS_LEN);
    int mask = length + NUMBER;
    int flags = mask + NUMBER;
    ByteBuffer message = watched(flags + NUMBER, options);
    attribute(message, cmd, Netlink.NFQA_CFG_CMD, CMD_LEN);
    message.put(cmd + NLA_HDRLEN, (byte) Netlink.NFQNL_CFG_CMD_BIND);
    attribute(message, params, NFQA_CFG_PARAMS, PARAMS_LEN);
    message.put(params + NLA_HDRLEN + Integer.BYTES, (byte) NFQNL_COPY_PACKET);
    bigEndian(message, params + NLA_HDRLEN, options.copyRange());
    number(message, length, Netlink.NFQA_CFG_QUEUE_MAXLEN, options.length());
    number(message, mask, Netlink.NFQA_CFG_MASK, options.flagMask());
    number(message, flags, Netlink.NFQA_CFG_FLAGS, options.flags());
    return message;
  }

  private static ByteBuffer watched(int length, QueueOptions options) {
    ByteBuffer message = request(length, NFQNL_MSG_CONFIG);
    message.putInt(Netlink.NLMSG_SEQ, WATCHED);
    message.put(NFGENMSG_RES_ID, (byte) (options.number() >>> Byte.SIZE));
    message.put(NFGENMSG_RES_ID + 1, (byte) options.number());
    return message;
  }

  private static void number(ByteBuffer message, int at, int type, int value) {
    attribute(message, at, type, Integer.BYTES);
    bigEndian(message, at + NLA_HDRLEN, value);
  }

  private static void attribute(ByteBuffer message, int at, int type, int bytes) {
    message.putShort(at + Netlink.NLA_LEN, (short) (NLA_HDRLEN + bytes));
    message.putShort(at + Netlink.NLA_TYPE, (short) type);
  }

  private static void bigEndian(ByteBuffer message, int at, int value) {
    message.order(ByteOrder.BIG_ENDIAN).putInt(at, value).order(ByteOrder.nativeOrder());
  }

  /** Asks for packets of a queue, and for so many bytes of each. */
  static ByteBuffer copyPackets(int queueNumber, int range) {
    ByteBuffer message = request(COPY_LENGTH, NFQNL_MSG_CONFIG);
    message.putShort(NFNL_ATTRIBUTES, (short) (NLA_HDRLEN + PARAMS_LEN));
    message.putShort(NFNL_ATTRIBUTES + Netlink.NLA_TYPE, (short) NFQA_CFG_PARAMS);
    message.put(COPY_MODE, (byte) NFQNL_COPY_PACKET);
    message.order(ByteOrder.BIG_ENDIAN);
    message.putShort(NFGENMSG_RES_ID, (short) queueNumber);
    message.putInt(COPY_RANGE, range);
    return message.order(ByteOrder.nativeOrder());
  }

  /** Asks for nothing but an answer. */
  static ByteBuffer noop() {
    return request(NLMSG_HDRLEN, NLMSG_NOOP);
  }

  private static ByteBuffer request(int length, int type) {
    ByteBuffer message = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
    message.putInt(NLMSG_LEN, length);
    message.putShort(NLMSG_TYPE, (short) type);
    message.putShort(NLMSG_FLAGS, (short) (NLM_F_REQUEST | NLM_F_ACK));
    return message;
  }
}

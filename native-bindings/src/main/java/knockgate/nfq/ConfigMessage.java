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

/** The two small requests that are written here and not by the library; both are acknowledged. */
final class ConfigMessage {
  /** struct nfqnl_msg_config_params: copy_range (be32), copy_mode (u8), packed. */
  private static final int PARAMS_LEN = 5;

  private static final int COPY_RANGE = NFNL_ATTRIBUTES + NLA_HDRLEN;
  private static final int COPY_MODE = COPY_RANGE + Integer.BYTES;
  private static final int COPY_LENGTH = NFNL_ATTRIBUTES + Netlink.align(NLA_HDRLEN + PARAMS_LEN);

  private ConfigMessage() {}

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

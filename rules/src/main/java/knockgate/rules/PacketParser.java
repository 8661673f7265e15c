package knockgate.rules;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;

/**
 * Reads the headers of one IPv4 or IPv6 packet into a slot: RFC 791, RFC 8200, RFC 9293, RFC 768,
 * RFC 792 and RFC 4443. Every length in the packet is taken for a lie until the captured bytes and
 * the enclosing header agree with it.
 *
 * <p>Three answers: not readable (the policy's {@code unparsable} verdict), readable with a
 * protocol, or readable without one (nothing that a door or a knock can name). A packet whose ports
 * are there but whose transport header ends early is readable and {@link Packet#headerCut}:
 * xt_pknock counts it as a knock and never admits it.
 *
 * <p>No state, no allocation, no exception: safe from every thread, each with its own slot.
 */
public final class PacketParser {
  // Whatever order the buffer has: netlink's own headers are in host order, packets are not.
  private static final VarHandle U16 =
      MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle I32 =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle I64 =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int V4_HEADER = 20;
  private static final int V6_HEADER = 40;
  private static final int PORTS = 4;
  private static final int TCP_HEADER = 20;
  private static final int UDP_HEADER = 8;
  private static final int ECHO_HEADER = 8;
  private static final int ECHO_REQUEST_V4 = 8;
  private static final int ECHO_REQUEST_V6 = 128;

  // Protocol numbers of IANA; the second block are IPv6 extension headers.
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMP_V6 = 58;

  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int AUTHENTICATION = 51;
  private static final int DESTINATION = 60;
  private static final int MOBILITY = 135;

  /** RFC 8200, 4.1, names seven in an order that nobody needs to exceed. */
  private static final int MAX_EXTENSIONS = 8;

  private PacketParser() {}

  /**
   * Reads one packet.
   *
   * @param buffer of any byte order; its position is neither used nor moved
   * @param offset index of the IP header's first byte
   * @param length captured bytes; the packet itself may be longer (the queue's copy range)
   * @param into gets every field of the reader's part except the kernel's id and arrival mark
   */
  public static void parse(ByteBuffer buffer, int offset, int length, Packet into) {
    into.clearHeaders();
    if (offset < 0 || length < V4_HEADER || length > buffer.limit() - offset) {
      return;
    }
    switch (u8(buffer, offset) >>> 4) {
      case 4 -> parseV4(buffer, offset, length, into);
      case 6 -> parseV6(buffer, offset, length, into);
      default -> {}
    }
  }

  /**
   * IPv4: RFC 791, 3.1. Of a packet in fragments only the first has ports.
   *
   * <pre>
   *  0       4       8              16    19                31
   * +-------+-------+---------------+----------------------+
   * |   4   |  IHL  |      tos      |     total length     |  0
   * |       identification          |flags| fragment offset|  4
   * |      ttl      |   protocol    |       checksum       |  8
   * |                       source                         | 12
   * |                     destination                      | 16
   * |            options, up to IHL * 4 bytes              | 20
   * </pre>
   */
  private static void parseV4(ByteBuffer buffer, int offset, int length, Packet into) {
    into.version = 4;
    into.srcLo = Prefix.v4(i32(buffer, offset + 12));
    into.dstLo = Prefix.v4(i32(buffer, offset + 16));
    int header = (u8(buffer, offset) & 0x0f) * 4;
    int total = u16(buffer, offset + 2);
    int captured = Math.min(total, length);
    if (header < V4_HEADER || header > captured) {
      return;
    }
    int fragment = u16(buffer, offset + 6);
    boolean laterFragment = (fragment & 0x1fff) != 0;
    if (laterFragment) {
      return;
    }
    boolean moreFragments = (fragment & 0x2000) != 0;
    into.payloadCut = moreFragments;
    int protocol = u8(buffer, offset + 9);
    int at = offset + header;
    parseTransport(buffer, protocol, at, captured - header, total - header, into);
  }

  /**
   * IPv6 and its extension headers: RFC 8200, 3 and 4.
   *
   * <pre>
   *  0       4             12       16             24        31
   * +-------+---------------+-------------------------------+
   * |   6   | traffic class |          flow label           |  0
   * |        payload length         |  next header  |  hops |  4
   * |                  source, 16 bytes                     |  8
   * |                destination, 16 bytes                  | 24
   * |       extension headers: next, length, ...            | 40
   * </pre>
   */
  private static void parseV6(ByteBuffer buffer, int offset, int length, Packet into) {
    if (length < V6_HEADER) {
      return;
    }
    into.version = 6;
    into.srcHi = i64(buffer, offset + 8);
    into.srcLo = i64(buffer, offset + 16);
    into.dstHi = i64(buffer, offset + 24);
    into.dstLo = i64(buffer, offset + 32);
    if (Prefix.isV4(into.srcHi, into.srcLo) || Prefix.isV4(into.dstHi, into.dstLo)) {
      return; // such addresses never travel (RFC 4942, 2.2); here they would pass for IPv4 peers
    }
    int end = offset + V6_HEADER + u16(buffer, offset + 4);
    int capturedEnd = Math.min(end, offset + length);
    int at = offset + V6_HEADER;
    int next = u8(buffer, offset + 6);
    for (int headers = 0; isExtension(next); headers++) {
      boolean misplaced = next == HOP_BY_HOP && headers > 0; // RFC 8200, 4.3: first or nowhere
      boolean tooMany = headers == MAX_EXTENSIONS;
      if (misplaced || tooMany || capturedEnd - at < 8) {
        return;
      }
      if (next == FRAGMENT) {
        int fragment = u16(buffer, at + 2);
        boolean laterFragment = (fragment & 0xfff8) != 0;
        if (laterFragment) {
          return;
        }
        into.payloadCut |= (fragment & 1) != 0;
      }
      int size = extensionSize(next, u8(buffer, at + 1));
      next = u8(buffer, at);
      at += size;
      if (at > capturedEnd) {
        return;
      }
    }
    parseTransport(buffer, next, at, capturedEnd - at, end - at, into);
  }

  private static boolean isExtension(int next) {
    return switch (next) {
      case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION, MOBILITY -> true;
      default -> false;
    };
  }

  /** Bytes of an extension header, from its length field: units and origin differ by type. */
  private static int extensionSize(int type, int lengthField) {
    return switch (type) {
      case FRAGMENT -> 8; // RFC 8200, 4.5: the field is reserved
      case AUTHENTICATION -> (lengthField + 2) * 4; // RFC 4302, 2.2
      default -> (lengthField + 1) * 8;
    };
  }

  /**
   * Reads what IP carries.
   *
   * @param captured bytes behind {@code at} that are there
   * @param stated bytes behind {@code at} that the IP header speaks of, not below {@code captured}
   */
  private static void parseTransport(
      ByteBuffer buffer, int protocol, int at, int captured, int stated, Packet into) {
    int icmp = into.version == 4 ? ICMP : ICMP_V6; // the other family's means nothing to a host
    if (protocol == TCP) {
      parseTcp(buffer, at, captured, into);
    } else if (protocol == UDP) {
      parseUdp(buffer, at, captured, stated, into);
    } else if (protocol == icmp) {
      parseIcmp(buffer, at, captured, stated, into);
    } else {
      into.readable = true;
    }
  }

  private static void parseTcp(ByteBuffer buffer, int at, int captured, Packet into) {
    if (captured < PORTS) {
      return;
    }
    readPorts(buffer, at, Protocol.TCP, into);
    into.headerCut = captured < TCP_HEADER;
    if (captured >= 8) {
      into.sequence = i32(buffer, at + 4);
    }
    if (captured >= 14) {
      into.flags = u8(buffer, at + 13);
    }
  }

  /**
   * The UDP length decides nothing: IP says how much there is. Where the two disagree the payload
   * is called cut, so that nobody takes it for a message; the ports still make a knock.
   */
  private static void parseUdp(ByteBuffer buffer, int at, int captured, int stated, Packet into) {
    if (captured < PORTS) {
      return;
    }
    readPorts(buffer, at, Protocol.UDP, into);
    into.headerCut = captured < UDP_HEADER;
    if (into.headerCut) {
      into.payloadCut = true;
      return;
    }
    int kept = Math.min(captured - UDP_HEADER, Packet.MAX_PAYLOAD);
    buffer.get(at + UDP_HEADER, into.payload, 0, kept);
    into.payloadLength = kept;
    boolean lengthsDisagree = u16(buffer, at + 4) != stated;
    into.payloadCut |= lengthsDisagree || kept < stated - UDP_HEADER;
  }

  private static void readPorts(ByteBuffer buffer, int at, Protocol protocol, Packet into) {
    into.readable = true;
    into.protocol = protocol;
    into.srcPort = u16(buffer, at);
    into.dstPort = u16(buffer, at + 2);
  }

  /** An echo request is a knock whose number is its size; all other messages are nobody's. */
  private static void parseIcmp(ByteBuffer buffer, int at, int captured, int stated, Packet into) {
    if (captured < PORTS) {
      return; // type, code and checksum; xt_pknock drops shorter ones unseen
    }
    int echo = into.version == 4 ? ECHO_REQUEST_V4 : ECHO_REQUEST_V6;
    into.readable = true;
    boolean wholeEchoRequest =
        u8(buffer, at) == echo && captured >= ECHO_HEADER && !into.payloadCut;
    if (wholeEchoRequest) {
      into.protocol = Protocol.ICMP;
      into.dstPort = stated - ECHO_HEADER;
      into.sequence = i32(buffer, at + 4);
    }
  }

  private static int u8(ByteBuffer buffer, int index) {
    return buffer.get(index) & 0xff;
  }

  private static int u16(ByteBuffer buffer, int index) {
    return (short) U16.get(buffer, index) & 0xffff;
  }

  private static int i32(ByteBuffer buffer, int index) {
    return (int) I32.get(buffer, index);
  }

  private static long i64(ByteBuffer buffer, int index) {
    return (long) I64.get(buffer, index);
  }
}

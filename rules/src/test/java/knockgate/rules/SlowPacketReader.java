package knockgate.rules;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import knockgate.rules.words.Prefix;

/**
 * The packet parser's twin: copies slices, throws when bytes are missing, takes no care of cost.
 * Its answer has the form of {@link PacketBytes#shown}.
 */
final class SlowPacketReader {
  private boolean moreFragments;
  private String addresses = "";

  static String read(byte[] captured) {
    try {
      return new SlowPacketReader().ip(captured);
    } catch (ArrayIndexOutOfBoundsException | IllegalArgumentException e) {
      return "unreadable";
    }
  }

  private String ip(byte[] p) {
    return switch (number(p, 0, 1) >> 4) {
      case 4 -> v4(p);
      case 6 -> v6(p);
      default -> "unreadable";
    };
  }

  private String v4(byte[] p) {
    int header = (p[0] & 15) * 4;
    int total = number(p, 2, 2);
    int fragment = number(p, 6, 2);
    addresses = address(p, 12, 4) + " > " + address(p, 16, 4) + " ";
    byte[] packet = first(p, total);
    if (header < 20 || fragment % 0x2000 != 0) {
      return "unreadable";
    }
    moreFragments = fragment / 0x2000 % 2 == 1;
    return transport(p[9], slice(packet, header), total - header, 1, 8);
  }

  private String v6(byte[] p) {
    addresses = address(p, 8, 16) + " > " + address(p, 24, 16) + " ";
    if (addresses.matches(".*\\d\\.\\d.*")) {
      return "unreadable"; // a v4-mapped address prints as IPv4
    }
    int next = p[6] & 255;
    int stated = number(p, 4, 2);
    byte[] rest = first(slice(p, 40), stated);
    for (int seen = 0; List.of(0, 43, 44, 51, 60, 135).contains(next); seen++) {
      int size = (number(rest, 1, 1) + 1) * 8;
      if ((next == 0 && seen > 0) || seen == 8 || rest.length < 8) {
        return "unreadable";
      } else if (next == 51) {
        size = (number(rest, 1, 1) + 2) * 4;
      } else if (next == 44) {
        size = 8;
        moreFragments |= rest[3] % 2 != 0;
        if (number(rest, 2, 2) >= 8) {
          return "unreadable";
        }
      }
      next = number(rest, 0, 1);
      rest = slice(rest, size);
      stated -= size;
    }
    return transport(next, rest, stated, 58, 128);
  }

  private String transport(int protocol, byte[] bytes, int stated, int icmp, int echo) {
    if (protocol == 6) {
      return addresses + tcp(bytes);
    } else if (protocol == 17) {
      return addresses + udp(bytes, stated);
    } else if (protocol == icmp) {
      slice(bytes, 4);
      boolean request = number(bytes, 0, 1) == echo && bytes.length >= 8 && !moreFragments;
      return addresses
          + (request ? "icmp 0>" + (stated - 8) + " seq=" + number(bytes, 4, 4) : "other");
    }
    return addresses + "other";
  }

  private String tcp(byte[] bytes) {
    int sequence = bytes.length < 8 ? 0 : number(bytes, 4, 4);
    int flags = bytes.length < 14 ? 0 : number(bytes, 13, 1);
    return "tcp %d>%d seq=%d flags=%d%s%s"
        .formatted(
            number(bytes, 0, 2),
            number(bytes, 2, 2),
            sequence,
            flags,
            bytes.length < 20 ? " header-cut" : "",
            moreFragments ? " payload-cut" : "");
  }

  private String udp(byte[] bytes, int stated) {
    String ports = "udp " + number(bytes, 0, 2) + ">" + number(bytes, 2, 2);
    if (bytes.length < 8) {
      return ports + " [] header-cut payload-cut";
    }
    byte[] kept = first(slice(bytes, 8), 1536);
    boolean whole = !moreFragments && kept.length == stated - 8 && number(bytes, 4, 2) == stated;
    return ports + " [" + HexFormat.of().formatHex(kept) + "]" + (whole ? "" : " payload-cut");
  }

  private static int number(byte[] bytes, int from, int size) {
    byte[] part = Arrays.copyOf(slice(bytes, from), size);
    slice(bytes, from + size);
    return new BigInteger(1, part).intValue();
  }

  /** Everything behind {@code from}. */
  private static byte[] slice(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  private static byte[] first(byte[] bytes, int most) {
    return Arrays.copyOf(bytes, Math.min(bytes.length, most));
  }

  private static String address(byte[] bytes, int from, int size) {
    slice(bytes, from + size);
    byte[] address = Arrays.copyOfRange(bytes, from, from + size);
    try {
      String text = InetAddress.getByAddress(address).getHostAddress();
      Prefix known = Prefix.parse(text);
      return Prefix.address(known.hi(), known.lo());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}

package knockgate.rules.words;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Addresses that share their first bits. An address is two longs: IPv6 in network order, IPv4 as
 * ::ffff:a.b.c.d (RFC 4291, 2.5.5.2). {@link knockgate.rules.PacketParser} refuses IPv6 packets
 * from that range, so the two families never meet.
 *
 * @param hi first 64 bits, those behind the prefix are zero
 * @param lo last 64 bits, those behind the prefix are zero
 * @param length prefix length in bits of the two longs, 0 to 128; an IPv4 /24 is 120 here
 */
public record Prefix(long hi, long lo, int length) {
  /** What an IPv4 address is put behind. */
  private static final long V4_MAPPED = 0xffffL << 32;

  private static final int V4_OFFSET = 96;

  public Prefix {
    if (length < 0 || length > 128) {
      throw new IllegalArgumentException("prefix length " + length);
    }
    hi &= maskHi(length);
    lo &= maskLo(length);
  }

  /** The mask of a prefix length, first 64 bits. */
  public static long maskHi(int length) {
    return length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
  }

  /** The mask of a prefix length, last 64 bits. */
  public static long maskLo(int length) {
    return length <= 64 ? 0 : -1L << (128 - length);
  }

  /** Whether two longs are an IPv4 address. */
  public static boolean isV4(long hi, long lo) {
    return hi == 0 && lo >>> 32 == 0xffff;
  }

  /** The last 64 bits of an IPv4 address; the first are zero. */
  public static long v4(int address) {
    return V4_MAPPED | (address & 0xffff_ffffL);
  }

  /** Whether this prefix holds an address of its family: ::/0 is all of IPv6, and no IPv4. */
  public boolean contains(long addressHi, long addressLo) {
    return (addressHi & maskHi(length)) == hi
        && (addressLo & maskLo(length)) == lo
        && (length >= V4_OFFSET || !isV4(addressHi, addressLo));
  }

  /**
   * Reads {@code 192.0.2.10}, {@code 192.0.2.0/24} or {@code 2001:db8::/48}.
   *
   * @throws IllegalArgumentException with a sentence that names the mistake; names are never
   *     resolved
   */
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    byte[] bytes = parseAddress(address); // 4 bytes for "::ffff:192.0.2.1", which has 128 bits
    int bits = address.indexOf(':') >= 0 ? 128 : 32;
    int length = slash < 0 ? bits : parseLength(text.substring(slash + 1), bits, text);
    Prefix prefix =
        new Prefix(
            longAt(bytes, true), longAt(bytes, false), bits == 32 ? V4_OFFSET + length : length);
    if (prefix.hi != longAt(bytes, true) || prefix.lo != longAt(bytes, false)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has bits set behind its prefix; did you mean " + prefix + "?");
    }
    return prefix;
  }

  /** The address of a literal: 4 or 16 bytes, network order. */
  private static byte[] parseAddress(String address) {
    boolean v6 = address.indexOf(':') >= 0;
    boolean wellFormed =
        v6
            ? address.matches("[0-9a-fA-F:.]{2,45}")
            : address.matches("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
    if (!wellFormed) {
      throw new IllegalArgumentException(
          "\"" + address + "\" is not an IPv4 or IPv6 address such as 192.0.2.10 or 2001:db8::1");
    }
    try {
      return InetAddress.getByName(v6 ? "[" + address + "]" : address).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("\"" + address + "\" is not an IPv6 address", e);
    }
  }

  private static int parseLength(String length, int bits, String text) {
    if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > bits) {
      throw new IllegalArgumentException(
          "\"" + text + "\": the prefix length is a number from 0 to " + bits);
    }
    return Integer.parseInt(length);
  }

  private static long longAt(byte[] bytes, boolean first) {
    if (bytes.length == 4) {
      int v4 =
          (bytes[0] & 255) << 24
              | (bytes[1] & 255) << 16
              | (bytes[2] & 255) << 8
              | (bytes[3] & 255);
      return first ? 0 : v4(v4);
    }
    long value = 0;
    for (int i = first ? 0 : 8, end = i + 8; i < end; i++) {
      value = value << 8 | (bytes[i] & 255);
    }
    return value;
  }

  /** An address as people write it: dotted IPv4 or RFC 5952 IPv6. */
  public static String address(long hi, long lo) {
    if (isV4(hi, lo)) {
      int v4 = (int) lo;
      return (v4 >>> 24) + "." + (v4 >>> 16 & 255) + "." + (v4 >>> 8 & 255) + "." + (v4 & 255);
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (int) ((i < 4 ? hi : lo) >>> (48 - 16 * (i & 3))) & 0xffff;
    }
    return compressed(groups);
  }

  /** RFC 5952: the longest run of two or more zero groups, the first of equals, becomes "::". */
  private static String compressed(int[] groups) {
    int bestStart = -1;
    int bestLength = 1;
    for (int start = 0; start < 8; start++) {
      int end = start;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - start > bestLength) {
        bestStart = start;
        bestLength = end - start;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
      } else {
        text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  /** As a policy writes it; the length is left out for a single address. */
  @Override
  public String toString() {
    boolean v4 = length >= V4_OFFSET && isV4(hi, lo);
    int shown = v4 ? length - V4_OFFSET : length;
    return address(hi, lo) + (length == 128 ? "" : "/" + shown);
  }
}

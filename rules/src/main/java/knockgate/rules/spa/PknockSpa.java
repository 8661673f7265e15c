package knockgate.rules.spa;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import knockgate.rules.words.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * The dialect of xt_pknock's secrets: one UDP payload that holds an HMAC of the sender's address
 * and the minute.
 *
 * <pre>
 *   payload   64 lower-case hexadecimal digits of HMAC-SHA256(secret, text), then one byte of any value
 *
 *   text      IPv4  +----+----+----+----+----+----+----+----+
 *                   | address, as sent  | minute, low first |    minute = seconds since 1970 / 60
 *                   +----+----+----+----+----+----+----+----+    (little-endian, as on x86 and ARM)
 *
 *             IPv6, the extension "pknock6" of this gate:
 *                   the 17 ASCII characters "knockgate/pknock6", the 16 address bytes as sent,
 *                   then the minute as above: 37 bytes
 * </pre>
 *
 * The module knows no IPv6; the label keeps our text from ever being one of the module's. The
 * address is what the sender believes to be its own: nothing here passes a NAT.
 *
 * @param open what opens the door, {@link #MAX_SECRET} bytes at most
 * @param close what closes it; null = nothing does
 * @param tolerance minutes that the two clocks may differ, either side; 0 = the same minute, as the
 *     module demands
 * @param lastByte whether the byte behind the digits must be there, as the module demands;
 *     otherwise it may be missing
 * @param pknock6 whether IPv6 peers are taken, by the extension
 * @param closesAlways whether a close message counts on every UDP port and each time it comes, as
 *     the module has it; otherwise on the port of the door's messages, and once
 */
public record PknockSpa(
    Secret open,
    @Nullable Secret close,
    int tolerance,
    boolean lastByte,
    boolean pknock6,
    boolean closesAlways)
    implements Dialect {
  /** Bytes that the module keeps of a secret; it cuts a longer one without a word. */
  public static final int MAX_SECRET = 31;

  /** Most minutes of tolerance: each costs two HMACs for every forged message. */
  public static final int MAX_TOLERANCE = 5;

  static final int DIGITS = 64;
  static final int TEXT_V4 = 8;
  static final int TEXT_V6 = 37;

  private static final byte[] LABEL_V6 = "knockgate/pknock6".getBytes(StandardCharsets.US_ASCII);

  /** A door that is closed on its own port, by each message once. */
  public PknockSpa(
      Secret open, @Nullable Secret close, int tolerance, boolean lastByte, boolean pknock6) {
    this(open, close, tolerance, lastByte, pknock6, false);
  }

  public PknockSpa {
    if (open.length() > MAX_SECRET || (close != null && close.length() > MAX_SECRET)) {
      throw new IllegalArgumentException("a pknock secret has at most " + MAX_SECRET + " bytes");
    }
    if (open.equals(close)) {
      throw new IllegalArgumentException("the open and the close secret must differ");
    }
    if (tolerance < 0 || tolerance > MAX_TOLERANCE) {
      throw new IllegalArgumentException("the tolerance is 0 to " + MAX_TOLERANCE + " minutes");
    }
  }

  /**
   * The payload that a sender makes, with a line feed as its last byte.
   *
   * @param secret the open or the close secret; a longer one is cut as the module cuts it
   * @param hi the sender's address, first 64 bits, as {@link Prefix} has it
   * @param lo its last 64 bits
   * @param epochSeconds the sender's clock
   */
  public static byte[] message(Secret secret, long hi, long lo, long epochSeconds) {
    byte[] text = new byte[TEXT_V6];
    int length = text(hi, lo, Math.floorDiv(epochSeconds, 60L), text);
    byte[] mac = new byte[HashKind.SHA256.length()];
    Hmac hmac = new Hmac(HashKind.SHA256, secret.cutTo(MAX_SECRET));
    hmac.update(text, 0, length);
    hmac.finish(mac, 0);
    return (HexFormat.of().formatHex(mac) + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes what is hashed, and says how long it is. */
  static int text(long hi, long lo, long minute, byte[] into) {
    if (Prefix.isV4(hi, lo)) {
      put((int) lo, ByteOrder.BIG_ENDIAN, into, 0);
      put((int) minute, ByteOrder.LITTLE_ENDIAN, into, 4);
      return TEXT_V4;
    }
    System.arraycopy(LABEL_V6, 0, into, 0, LABEL_V6.length);
    put((int) (hi >>> 32), ByteOrder.BIG_ENDIAN, into, 17);
    put((int) hi, ByteOrder.BIG_ENDIAN, into, 21);
    put((int) (lo >>> 32), ByteOrder.BIG_ENDIAN, into, 25);
    put((int) lo, ByteOrder.BIG_ENDIAN, into, 29);
    put((int) minute, ByteOrder.LITTLE_ENDIAN, into, 33);
    return TEXT_V6;
  }

  private static void put(int value, ByteOrder order, byte[] into, int at) {
    for (int i = 0; i < 4; i++) {
      int shift = order == ByteOrder.BIG_ENDIAN ? 24 - 8 * i : 8 * i;
      into[at + i] = (byte) (value >>> shift);
    }
  }
}

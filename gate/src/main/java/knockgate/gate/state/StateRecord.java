package knockgate.gate.state;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The one record that both files are made of: eight little-endian longs.
 *
 * <pre>
 *   byte      0        8        16       24       32       40       48       56
 *             +--------+--------+--------+--------+--------+--------+--------+--------+
 *   header    | number | magic  | form   | room   | from   | wall   | kind 0 | check  |
 *   grant     | number | hi     | lo     | door   | ends   | left   | kind 1 | check  |
 *   ended     | number | hi     | lo     | door   | 0      | 0      | kind 2 | check  |
 *   used      | number | word   | 0      | 0      | 0      | 0      | kind 3 | check  |
 *   door      | number | name   | name   | door   | name   | name   | kind 4 | check  |
 *   hooked    | number | hi     | lo     | door   | 0      | 0      | kind 5 | check  |
 *   unhooked  | number | hi     | lo     | door   | 0      | 0      | kind 6 | check  |
 *             +--------+--------+--------+--------+--------+--------+--------+--------+
 *
 *   number  its place: rising by one from record to record, over the journal's whole life
 *   hi, lo  the address that the grant covers, as Prefix has it; hooked: on-open has run for it;
 *           unhooked: on-close has
 *   door    64 bits of SHA-256 that name the door, see DoorDigest
 *   ends    when the grant ends, milliseconds since 1970; the largest long = never
 *   left    how long it still had when this was written, milliseconds
 *   word    as ReplayWindow has it
 *   name    the door's name, UTF-8, the first 32 bytes, for people; zeros behind it
 *   kind    | kind 8 | connections left 16 | 0 8 | protocol 8, port 16: GrantTag.part |
 *   check   all bits before it, folded; a change of any one long always changes it
 * </pre>
 *
 * The header's fields are told in {@link Journal} and {@link Snapshot}.
 */
final class StateRecord {
  static final int BYTES = 64;

  static final int HEADER = 0;
  static final int GRANT = 1;
  static final int ENDED = 2;
  static final int USED = 3;
  static final int DOOR = 4;
  static final int HOOKED = 5;
  static final int UNHOOKED = 6;

  /** The largest long: a grant without an end. */
  static final long NEVER = Long.MAX_VALUE;

  private static final int KIND_SHIFT = 56;
  private static final int CONNECTIONS_SHIFT = 40;
  private static final long SALT = 0x6b6e6f636b676174L;
  private static final long MIX = 0x9e3779b97f4a7c15L;

  private StateRecord() {}

  /** The seventh long. */
  static long kind(int kind, int connections, int part) {
    return (long) kind << KIND_SHIFT | (long) connections << CONNECTIONS_SHIFT | part;
  }

  static int kindOf(long kind) {
    return (int) (kind >>> KIND_SHIFT);
  }

  static int connectionsOf(long kind) {
    return (int) (kind >>> CONNECTIONS_SHIFT) & 0xffff;
  }

  static int partOf(long kind) {
    return (int) kind & 0xff_ffff;
  }

  /** A buffer of whole records in the files' byte order. */
  static ByteBuffer buffer(int records) {
    return ByteBuffer.allocate(records * BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes a record at a byte; the check goes last. Allocates nothing. */
  static void put(
      ByteBuffer to, int at, long number, long a, long b, long c, long d, long e, long kind) {
    to.putLong(at, number);
    to.putLong(at + 8, a);
    to.putLong(at + 16, b);
    to.putLong(at + 24, c);
    to.putLong(at + 32, d);
    to.putLong(at + 40, e);
    to.putLong(at + 48, kind);
    to.putLong(at + 56, check(number, a, b, c, d, e, kind));
  }

  /**
   * Whether memory took what {@link #put} stored there. Byte by byte: a load that the system cannot
   * do leaves a register as it was, which may hold the long that was stored, but no byte of it.
   */
  static boolean isStored(
      ByteBuffer in, int at, long number, long a, long b, long c, long d, long e, long kind) {
    VarHandle.fullFence(); // or the compiler knows what it has stored
    long check = check(number, a, b, c, d, e, kind);
    for (int i = 0; i < Long.BYTES; i++) {
      if (in.get(at + 56 + i) != (byte) (check >>> 8 * i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a whole, unchanged record begins at a byte. */
  static boolean isWhole(ByteBuffer from, int at) {
    return from.getLong(at + 56)
        == check(
            from.getLong(at),
            from.getLong(at + 8),
            from.getLong(at + 16),
            from.getLong(at + 24),
            from.getLong(at + 32),
            from.getLong(at + 40),
            from.getLong(at + 48));
  }

  /** The same, and it is the one with that number. */
  static boolean isWhole(ByteBuffer from, int at, long number) {
    return from.getLong(at) == number && isWhole(from, at);
  }

  /** Each step is one to one in the long that it takes in: one changed long is always noticed. */
  private static long check(long number, long a, long b, long c, long d, long e, long kind) {
    return fold(fold(fold(fold(fold(fold(fold(SALT, number), a), b), c), d), e), kind);
  }

  private static long fold(long sum, long word) {
    long mixed = (sum ^ word) * MIX;
    return mixed ^ mixed >>> 29;
  }
}

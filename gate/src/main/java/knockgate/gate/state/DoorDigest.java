package knockgate.gate.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import knockgate.rules.policy.Door;

/**
 * How the files name a door: by its name, as a reload does, and by what its grants of one family
 * cover. A grant kept under another prefix length would admit nobody, so it counts as that of
 * another door; those of the other family stay, again as in a reload. What the door protects is
 * left out: whoever holds a grant is in wherever the door leads, after a restart as after a reload.
 */
final class DoorDigest {
  /** How much of a name the files keep, for people. */
  private static final int NAME_BYTES = 32;

  private DoorDigest() {}

  /**
   * The door as one family's grants name it.
   *
   * @param v4 whether it is IPv4
   */
  static long of(Door door, boolean v4) {
    String covers = v4 ? "v4/" + door.coversV4() : "v6/" + door.coversV6();
    return of("knockgate/door/" + door.name() + '\0' + covers);
  }

  /** The same as gates up to 0.1.0 wrote it: one for both families, by what both cover. */
  static long former(Door door) {
    return of("knockgate/door/" + door.name() + '\0' + door.coversV4() + '\0' + door.coversV6());
  }

  private static long of(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The door's name as four longs of a record. */
  static long[] name(Door door) {
    byte[] text = door.name().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.wrap(Arrays.copyOf(text, NAME_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    return new long[] {bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong()};
  }

  /** The name back from a record, cut where it was too long. */
  static String name(long a, long b, long c, long d) {
    byte[] bytes =
        ByteBuffer.allocate(NAME_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(a)
            .putLong(b)
            .putLong(c)
            .putLong(d)
            .array();
    int length = 0;
    while (length < NAME_BYTES && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}

package knockgate.rules;

import knockgate.rules.words.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * What a grant is for, in one number, the third part of its key.
 *
 * <pre>
 *   63        24 23          16 15      0
 *   | door's id | protocol 8   | port 16 |    protocol, port: 0 = all that the door protects
 * </pre>
 *
 * Protocols: 1 TCP, 2 UDP, 3 ICMP.
 */
public final class GrantTag {
  private static final int PROTOCOL_SHIFT = 16;
  private static final int DOOR_SHIFT = 24;

  private GrantTag() {}

  /** Everything that a door protects. */
  public static long of(int doorId) {
    return (long) doorId << DOOR_SHIFT;
  }

  /** One port of a door. */
  public static long of(int doorId, Protocol protocol, int port) {
    return of(doorId) | (long) (protocol.number() + 1) << PROTOCOL_SHIFT | port;
  }

  /** That {@link #part} of a door. */
  public static long of(int doorId, int part) {
    return of(doorId) | part;
  }

  /** All of a tag but the door's id: the same in every run, whatever number the door has. */
  public static int part(long tag) {
    return (int) (tag & (1 << DOOR_SHIFT) - 1);
  }

  /** The door of a tag. */
  public static int doorId(long tag) {
    return (int) (tag >>> DOOR_SHIFT);
  }

  /** The protocol of a tag for one port; null = the whole door. */
  public static @Nullable Protocol protocol(long tag) {
    int number = (int) (tag >>> PROTOCOL_SHIFT & 0xff) - 1;
    for (Protocol protocol : Protocol.values()) {
      if (protocol.number() == number) {
        return protocol;
      }
    }
    return null;
  }

  /** The port of a tag for one port; 0 = the whole door. */
  public static int port(long tag) {
    return (int) (tag & 0xffff);
  }
}

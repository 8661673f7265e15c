package knockgate.rules.spa;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * What the replay window remembers of things that a peer may do once at a door: use a message, open
 * in a minute, use a rotating sequence. Of names, not of numbers that a restart gives anew. Runs
 * only behind a proof that the peer knows the secret.
 */
public enum OnceKey {
  /** The open message of a minute. */
  OPEN_MESSAGE,
  /** The close message of a minute. */
  CLOSE_MESSAGE,
  /** An opening in a minute of ours. */
  OPENING,
  /** The rotating sequence of a time step. */
  ROTATING;

  /**
   * The key of one such thing.
   *
   * @param door the door's name
   * @param hi the peer, first 64 bits
   * @param lo its last 64 bits
   * @param number of the minute or time step
   */
  public long of(String door, long hi, long lo, long number) {
    MessageDigest sha256 = HashKind.SHA256.digest();
    sha256.update(("knockgate/once/" + name() + '/' + door).getBytes(StandardCharsets.UTF_8));
    byte[] rest =
        ByteBuffer.allocate(25).put((byte) 0).putLong(hi).putLong(lo).putLong(number).array();
    return ByteBuffer.wrap(sha256.digest(rest)).getLong();
  }
}

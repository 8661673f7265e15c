package knockgate.rules.spa;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Step;

/**
 * Knocks that change with time and need nothing but a plain knock client. The formula, to the byte:
 *
 * <pre>
 *   step   = seconds since 1970 / seconds of a step, rounded down
 *   text   = "knockgate rotating 1" LF door LF step LF n      UTF-8; step and n in decimal digits
 *   draw n = the first 48 bits of HMAC-SHA256(secret, text), most significant byte first
 *   port   = lowest port of the range + draw n modulo the number of its ports
 *
 *   The sequence is the ports of n = 0, 1, 2, ... until there are enough; a port that is in it
 *   already is left out.
 * </pre>
 *
 * The modulo favours no port by more than one part in 2^32 (65535 / 2^48). The secret is the bytes
 * of its text, 16 to 64 of them, so that a shell can do the HMAC without hashing the key first. The
 * sender's address is not in it: it works through NAT, and so whoever sees a sequence can send it
 * within its time; that is why each counts once for a peer, and why an SPA dialect is better where
 * a client is at hand.
 *
 * @param secret shared with the senders
 * @param door the door's name, without control characters
 * @param range where the ports come from, {@link #MIN_RANGE} of them at least
 * @param count knocks of a sequence, {@link #MIN_COUNT} to {@link #MAX_COUNT}
 * @param step how long a sequence lasts, whole seconds, {@link #MIN_STEP} at least
 */
public record RotatingSequence(
    Secret secret, String door, PortRange range, int count, Duration step) {
  public static final int MIN_SECRET = 16;
  public static final int MAX_SECRET = 64;
  public static final int MIN_RANGE = 256;
  public static final int MIN_COUNT = 3;
  public static final int MAX_COUNT = 16;
  public static final Duration MIN_STEP = Duration.ofSeconds(10);

  private static final String LABEL = "knockgate rotating 1";
  private static final int DRAW_BYTES = 6;

  public RotatingSequence {
    if (secret.length() < MIN_SECRET || secret.length() > MAX_SECRET) {
      throw new IllegalArgumentException(
          "a rotating secret has " + MIN_SECRET + " to " + MAX_SECRET + " bytes");
    }
    if (door.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("the door's name has a control character");
    }
    if (range.last() - range.first() + 1 < MIN_RANGE) {
      throw new IllegalArgumentException("the range needs " + MIN_RANGE + " ports or more");
    }
    if (count < MIN_COUNT || count > MAX_COUNT) {
      throw new IllegalArgumentException("the count is " + MIN_COUNT + " to " + MAX_COUNT);
    }
    if (step.compareTo(MIN_STEP) < 0 || step.toNanosPart() != 0) {
      throw new IllegalArgumentException(
          "the step is whole seconds, " + MIN_STEP.toSeconds() + " or more");
    }
  }

  /** The number of the step that a moment falls in. */
  public long stepAt(long epochMs) {
    return Math.floorDiv(epochMs, step.toMillis());
  }

  /** The ports to knock on in a step, in order, none of them twice. */
  public int[] ports(long stepNumber) {
    Hmac hmac = new Hmac(HashKind.SHA256, secret);
    byte[] mac = new byte[hmac.length()];
    int size = range.last() - range.first() + 1;
    int[] ports = new int[count];
    int found = 0;
    for (int n = 0; found < count; n++) {
      byte[] text =
          (LABEL + '\n' + door + '\n' + stepNumber + '\n' + n).getBytes(StandardCharsets.UTF_8);
      hmac.update(text, 0, text.length);
      hmac.finish(mac, 0);
      long draw = 0;
      for (int i = 0; i < DRAW_BYTES; i++) {
        draw = draw << 8 | (mac[i] & 255);
      }
      int port = range.first() + (int) (draw % size);
      if (!contains(ports, found, port)) {
        ports[found++] = port;
      }
    }
    return ports;
  }

  /** The same as the steps of a sequence. */
  public List<Step> steps(long stepNumber) {
    return Arrays.stream(ports(stepNumber))
        .mapToObj(port -> new Step(range.protocol(), port))
        .toList();
  }

  private static boolean contains(int[] ports, int found, int port) {
    for (int i = 0; i < found; i++) {
      if (ports[i] == port) {
        return true;
      }
    }
    return false;
  }
}

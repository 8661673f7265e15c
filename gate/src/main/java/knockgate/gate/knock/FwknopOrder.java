package knockgate.gate.knock;

import java.security.SecureRandom;
import java.util.Locale;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.FwknopMessage;
import knockgate.rules.spa.FwknopReader;
import knockgate.rules.spa.FwknopType;
import knockgate.rules.spa.FwknopWire;
import knockgate.rules.spa.HashKind;
import org.jspecify.annotations.Nullable;

/**
 * What a client of fwknop's dialect asks for.
 *
 * @param keys how the message is sealed
 * @param digest the kind of the digest inside
 * @param user who asks
 * @param address dotted IPv4 that is to get in; {@code 0.0.0.0} = where the packet comes from
 * @param access such as {@code tcp/22,udp/53}
 * @param nat {@code HOST,PORT} behind the gate; null = the gate itself
 * @param timeout seconds; 0 = as the gate says
 */
public record FwknopOrder(
    FwknopKeys keys,
    HashKind digest,
    String user,
    String address,
    String access,
    @Nullable String nat,
    int timeout) {
  private static final int SALT = 8;
  private static final long TEN_TO_THE_16 = 10_000_000_000_000_000L;

  /**
   * The payload of one packet; never the same twice.
   *
   * @throws IllegalArgumentException with a sentence, where no receiver would take it
   */
  public byte[] packet(long epochSeconds, SecureRandom random) {
    byte[] salt = new byte[SALT];
    random.nextBytes(salt);
    FwknopMessage message = message(epochSeconds, random);
    if (!FwknopReader.takesUser(user)) {
      throw new IllegalArgumentException(
          "no receiver takes the user \"" + user + "\"; name another: -U alice");
    }
    if (!FwknopReader.takesMessage(message.message())) {
      throw new IllegalArgumentException("so many ports are too long for one message: ask twice");
    }
    return FwknopWire.packet(message, keys, salt);
  }

  private FwknopMessage message(long epochSeconds, SecureRandom random) {
    // of any locale: some write other digits than the wire does
    String digits =
        String.format(Locale.ROOT, "%016d", Math.floorMod(random.nextLong(), TEN_TO_THE_16));
    return new FwknopMessage(
        digits,
        user,
        epochSeconds,
        FwknopMessage.VERSION,
        type(),
        address + "," + access,
        nat,
        null,
        timeout,
        digest);
  }

  private FwknopType type() {
    if (nat == null) {
      return timeout == 0 ? FwknopType.ACCESS : FwknopType.ACCESS_TIMEOUT;
    }
    return timeout == 0 ? FwknopType.NAT_ACCESS : FwknopType.NAT_ACCESS_TIMEOUT;
  }
}

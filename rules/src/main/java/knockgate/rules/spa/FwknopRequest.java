package knockgate.rules.spa;

import java.time.Duration;
import java.util.List;
import knockgate.rules.words.PortRange;
import org.jspecify.annotations.Nullable;

/**
 * What a message asked for and a stanza allows: the grant to give.
 *
 * @param stanza the stanza that allows it
 * @param message the message as it was sent
 * @param addressHi whom the grant is for, first 64 bits
 * @param addressLo its last 64 bits
 * @param ports what opens, one at least
 * @param timeout how long the grant lasts; null = until it is revoked
 */
public record FwknopRequest(
    FwknopStanza stanza,
    FwknopMessage message,
    long addressHi,
    long addressLo,
    List<PortRange> ports,
    @Nullable Duration timeout) {
  public FwknopRequest {
    ports = List.copyOf(ports);
  }
}

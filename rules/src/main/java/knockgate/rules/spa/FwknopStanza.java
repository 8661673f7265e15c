package knockgate.rules.spa;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask a door for what: one stanza of fwknop's {@code access.conf}.
 *
 * @param name of the stanza, for people
 * @param keys how its messages are sealed
 * @param sources packets from elsewhere are not for it (SOURCE); empty = any
 * @param destinations packets to elsewhere are not for it (DESTINATION); empty = any
 * @param ports what may be asked for (OPEN_PORTS); nothing else is ever opened
 * @param restricted what may not, though {@code ports} has it (RESTRICT_PORTS)
 * @param nat ports that open for a NAT request, by its text {@code HOST,PORT}; a request that is
 *     not listed is refused
 * @param user who the message must name (REQUIRE_USERNAME); null = anyone
 * @param addressRequired whether the message must name an address itself (REQUIRE_SOURCE_ADDRESS)
 * @param expires when the stanza ends (ACCESS_EXPIRE); null = never
 * @param age most time between the two clocks (MAX_SPA_PACKET_AGE), {@link #MAX_AGE} at most
 * @param timeout how long a grant lasts when the message does not say (FW_ACCESS_TIMEOUT); null =
 *     until it is revoked
 * @param maxTimeout ceiling of what a message may say (MAX_FW_TIMEOUT); longer is cut to this
 */
public record FwknopStanza(
    String name,
    MessageSeal keys,
    List<Prefix> sources,
    List<Prefix> destinations,
    List<PortRange> ports,
    List<PortRange> restricted,
    Map<String, PortRange> nat,
    @Nullable String user,
    boolean addressRequired,
    @Nullable Instant expires,
    Duration age,
    @Nullable Duration timeout,
    Duration maxTimeout) {
  /**
   * The longest age that a stanza may allow. Messages are remembered for as long as any stanza of
   * any door might take them, so this bounds the replay window.
   */
  public static final Duration MAX_AGE = Duration.ofHours(1);

  public FwknopStanza {
    sources = List.copyOf(sources);
    destinations = List.copyOf(destinations);
    ports = List.copyOf(ports);
    restricted = List.copyOf(restricted);
    nat = Map.copyOf(nat);
    if (age.compareTo(MAX_AGE) > 0) {
      throw new IllegalArgumentException("the age is at most " + MAX_AGE.toMinutes() + "m");
    }
    for (String text : nat.keySet()) {
      if (!FwknopAccess.isNat(text)) {
        throw new IllegalArgumentException("\"" + text + "\" is no NAT request: write HOST,PORT");
      }
    }
  }

  /** Whether a text is what a NAT request says: {@code HOST,PORT}. */
  public static boolean isNatRequest(String text) {
    return FwknopAccess.isNat(text);
  }

  /** Whether packets from that address may be for this stanza. */
  boolean takesFrom(long hi, long lo) {
    return holds(sources, hi, lo);
  }

  /** Whether packets to that address may be for this stanza. */
  boolean takesFor(long hi, long lo) {
    return holds(destinations, hi, lo);
  }

  /** Whether the stanza has ended. */
  boolean hasExpired(long epochMs) {
    return expires != null && epochMs >= expires.toEpochMilli();
  }

  private static boolean holds(List<Prefix> prefixes, long hi, long lo) {
    // By index: an iterator would be garbage for every forged message.
    for (int i = 0; i < prefixes.size(); i++) {
      if (prefixes.get(i).contains(hi, lo)) {
        return true;
      }
    }
    return prefixes.isEmpty();
  }
}

package knockgate.rules.spa;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import org.jspecify.annotations.Nullable;

/** Stanzas for tests: a wide one, and the same with one thing changed. */
final class Stanzas {
  static final PortRange SSH = new PortRange(Protocol.TCP, 22, 22);
  static final PortRange ALL_TCP = new PortRange(Protocol.TCP, 1, 65535);
  static final PortRange ALL_UDP = new PortRange(Protocol.UDP, 1, 65535);

  private Stanzas() {}

  /** Takes everything that these keys seal. */
  static FwknopStanza open(MessageSeal keys) {
    return with(keys, List.of(), List.of(), List.of(ALL_TCP, ALL_UDP), List.of(), Map.of());
  }

  static FwknopStanza with(
      MessageSeal keys,
      List<Prefix> sources,
      List<Prefix> destinations,
      List<PortRange> ports,
      List<PortRange> restricted,
      Map<String, PortRange> nat) {
    return new FwknopStanza(
        "test",
        keys,
        sources,
        destinations,
        ports,
        restricted,
        nat,
        null,
        false,
        null,
        Duration.ofMinutes(2),
        null,
        Duration.ofHours(1));
  }

  static FwknopStanza ports(FwknopKeys keys, List<PortRange> ports, List<PortRange> restricted) {
    return with(keys, List.of(), List.of(), ports, restricted, Map.of());
  }

  static FwknopStanza user(FwknopKeys keys, String user, boolean addressRequired, Instant expires) {
    return new FwknopStanza(
        "test",
        keys,
        List.of(),
        List.of(),
        List.of(ALL_TCP),
        List.of(),
        Map.of(),
        user,
        addressRequired,
        expires,
        Duration.ofMinutes(2),
        null,
        Duration.ofHours(1));
  }

  static FwknopStanza times(
      FwknopKeys keys, Duration age, @Nullable Duration timeout, Duration maxTimeout) {
    return new FwknopStanza(
        "test",
        keys,
        List.of(),
        List.of(),
        List.of(ALL_TCP),
        List.of(),
        Map.of(),
        null,
        false,
        null,
        age,
        timeout,
        maxTimeout);
  }
}

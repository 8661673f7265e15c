package knockgate.rules.hocon;

import com.typesafe.config.ConfigValue;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import knockgate.rules.spa.CipherMode;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.MessageSeal;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * Reads fwknop's stanzas. The names in brackets are those of its access.conf.
 *
 * <pre>
 * alice {
 *   key         = "..."                 # (KEY) 1 to 32 bytes; or key-file, -base64, -base64-file
 *   hmac-key    = "..."                 # (HMAC_KEY) 1 to 128 bytes; the same four ways
 *   hmac        = sha256                # (HMAC_DIGEST_TYPE) md5 sha1 sha384 sha512 sha3-256 sha3-512
 *   insecure    = false                 # true: there is no hmac-key
 *   mode        = cbc                   # (ENCRYPTION_MODE) legacy cfb ofb ctr ecb
 *   gpg { ... }                         # instead of key and mode: GpgReader
 *   source      = [ "192.0.2.0/24" ]    # (SOURCE) not written: anywhere
 *   destination = [ "192.0.2.1" ]       # (DESTINATION)
 *   ports       = [ "tcp/22" ]          # (OPEN_PORTS) not written: all that the door protects
 *   restricted  = [ "tcp/25" ]          # (RESTRICT_PORTS)
 *   nat { "10.1.2.3,22" = "tcp/2222" }  # what a NAT request opens; others are refused
 *   user        = "alice"               # (REQUIRE_USERNAME)
 *   address     = optional              # or required (REQUIRE_SOURCE_ADDRESS)
 *   expires     = "2027-01-01"          # (ACCESS_EXPIRE) from the beginning of that day, UTC
 *   age         = 2m                    # (MAX_SPA_PACKET_AGE) 1h at most
 *   timeout     = 30s                   # (FW_ACCESS_TIMEOUT) not written: the door's autoclose
 *   max-timeout = 1h                    # (MAX_FW_TIMEOUT) not written: the door's autoclose
 * }
 * </pre>
 *
 * @param protects what the door protects
 * @param autoclose how long its grants last; null = until they are revoked
 */
record StanzaReader(List<PortRange> protects, @Nullable Duration autoclose, SecretReader secrets) {
  /** The longest that a message can ask for. */
  private static final Duration LONGEST_ASKED = Duration.ofSeconds(65_536);

  private static final Duration DEFAULT_AGE = Duration.ofMinutes(2);
  private static final Map<String, HashKind> HASHES =
      Arrays.stream(HashKind.values())
          .collect(Collectors.toMap(HashKind::word, Function.identity()));
  private static final Map<String, CipherMode> MODES =
      Arrays.stream(CipherMode.values())
          .collect(Collectors.toMap(CipherMode::word, Function.identity()));

  /** The stanza of a block, named as the block; null after a mistake that leaves none. */
  @Nullable FwknopStanza read(Block block) {
    MessageSeal keys = readSeal(block);
    List<PortRange> ports = readOpenable(block);
    List<PortRange> restricted = readPorts(block, "restricted");
    Map<String, PortRange> nat = readNat(block.block("nat"));
    checkProtected(block, "nat", List.copyOf(nat.values()));
    Duration age = readAge(block);
    Duration timeout = DurationKey.TIMEOUT.read(block, autoclose);
    Duration maxTimeout = readMaxTimeout(block);
    List<Prefix> sources = prefixes(block, "source");
    List<Prefix> destinations = prefixes(block, "destination");
    String user = block.readOrNull("user", StanzaReader::user);
    boolean addressRequired =
        block.word("address", false, Map.of("optional", false, "required", true));
    Instant expires = block.readOrNull("expires", StanzaReader::day);
    if (keys == null) {
      return null;
    }
    return new FwknopStanza(
        block.name(),
        keys,
        sources,
        destinations,
        ports,
        restricted,
        nat,
        user,
        addressRequired,
        expires,
        age,
        timeout,
        maxTimeout);
  }

  private List<PortRange> readOpenable(Block block) {
    List<PortRange> written = readPorts(block, "ports");
    List<PortRange> ports = written.isEmpty() ? protects : written;
    checkProtected(block, "ports", ports);
    return ports;
  }

  private Duration readMaxTimeout(Block block) {
    Duration ceiling = autoclose == null ? LONGEST_ASKED : autoclose;
    Duration written = DurationKey.MAX_TIMEOUT.read(block, ceiling);
    return written == null ? LONGEST_ASKED : written;
  }

  private static Duration readAge(Block block) {
    Duration age = DurationKey.AGE.read(block, DEFAULT_AGE);
    if (age == null || age.compareTo(FwknopStanza.MAX_AGE) > 0) {
      block.problem("age", "messages are remembered for an hour; write 1h or less");
      return DEFAULT_AGE;
    }
    return age;
  }

  private @Nullable MessageSeal readSeal(Block block) {
    Secret hmacKey = secrets.textOrBase64(block, "hmac-key");
    HashKind hmac = block.word("hmac", HashKind.SHA256, HASHES);
    boolean insecure = block.flag("insecure", false);
    boolean hasHmac = SecretReader.isWritten(block, "hmac-key");
    if (!hasHmac && !insecure) {
      block.problem(
          "hmac-key", "without one anybody makes the gate work; write one, or insecure = true");
    }
    if (hasHmac && insecure) {
      block.problem("insecure", "there is an hmac-key, so it is not; take one of them out");
    }
    Secret key = secrets.textOrBase64(block, "key");
    CipherMode mode = block.word("mode", CipherMode.CBC, MODES);
    FwknopGpg gpg =
        block.has("gpg") ? GpgReader.read(block.block("gpg"), hmac, hmacKey, secrets) : null;
    boolean hasKey = SecretReader.isWritten(block, "key");
    if (hasKey && block.has("gpg")) {
      block.problem("gpg", "there is a key already; make two stanzas of it");
    } else if (!hasKey && !block.has("gpg")) {
      block.problem("key", "no key decrypts the messages; write one, or key-file");
    }
    if (hmacKey == null && (hasHmac || !insecure)) {
      return null;
    }
    return key == null ? gpg : symmetric(block, mode, key, hmacKey == null ? null : hmac, hmacKey);
  }

  private static @Nullable FwknopKeys symmetric(
      Block block, CipherMode mode, Secret key, @Nullable HashKind hmac, @Nullable Secret hmacKey) {
    try {
      return new FwknopKeys(mode, key, hmac, hmacKey);
    } catch (IllegalArgumentException e) {
      block.problem(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static List<PortRange> readPorts(Block block, String key) {
    return block.has(key)
        ? block.list(key, "\"tcp/22\"", value -> PortRange.parse(Scalar.text(value)))
        : List.of();
  }

  /** A grant for a port that the door does not protect would open nothing. */
  private void checkProtected(Block block, String key, List<PortRange> ports) {
    for (PortRange port : ports) {
      boolean inside =
          protects.stream()
              .anyMatch(
                  range ->
                      range.contains(port.protocol(), port.first())
                          && range.contains(port.protocol(), port.last()));
      if (!inside) {
        block.problem(
            key,
            port + " is not within what the door protects; add it to protects, or take it out");
      }
    }
  }

  private static Map<String, PortRange> readNat(Block block) {
    Map<String, PortRange> nat = new HashMap<>();
    for (String text : block.keys()) {
      PortRange port = block.readOrNull(text, StanzaReader::onePort);
      if (!FwknopStanza.isNatRequest(text)) {
        block.problem(text, "a message asks for such as \"10.1.2.3,22\"; write it so");
      } else if (port != null) {
        nat.put(text, port);
      }
    }
    return nat;
  }

  private static PortRange onePort(ConfigValue value) {
    PortRange range = PortRange.parse(Scalar.text(value));
    if (range.first() != range.last()) {
      throw new IllegalArgumentException(range + " is a range; a NAT request opens one port");
    }
    return range;
  }

  private static List<Prefix> prefixes(Block block, String key) {
    return block.has(key)
        ? block.list(key, "\"192.0.2.0/24\"", value -> Prefix.parse(Scalar.text(value)))
        : List.of();
  }

  private static String user(ConfigValue value) {
    String user = Scalar.text(value);
    if (user.isEmpty()) {
      throw new IllegalArgumentException("no message names an empty user; leave the key out");
    }
    return user;
  }

  private static Instant day(ConfigValue value) {
    String text = Scalar.text(value);
    try {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          Scalar.shown(value) + " is not a day; write such as \"2027-12-31\"", e);
    }
  }
}

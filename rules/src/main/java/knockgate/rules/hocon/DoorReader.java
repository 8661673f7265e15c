package knockgate.rules.hocon;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Hooks;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.Spa;
import knockgate.rules.policy.Trigger;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import org.jspecify.annotations.Nullable;

/**
 * Reads one door after the other. What {@code defaults { }} sets is read once, and holds for every
 * door that does not set it itself; {@code protects} and what opens it belong to one door.
 *
 * <pre>
 * imap {
 *   protects    = [ "tcp/993", "udp/1000-1010" ]
 *   knock       = [ 4002, "udp/4001", "icmp/128" ]   # or rotating { }, or spa { }
 *   strict      = true                  # these six: SequenceTerms
 *   time        = 10s                   # or none
 *   window      = none                  # or a duration
 *   flags       = syn                   # or any, or a list such as [ syn, "!ack" ]
 *   repeats     = ignore                # or count
 *   restart     = true
 *   autoclose   = 1h                    # or never
 *   covers { v4 = 32, v6 = 128 }        # prefix lengths that a grant covers
 *   connections = unlimited             # or 1 to 65534
 *   kill-established = false            # true: a grant's end cuts its connections
 *   on-open, on-close, hook-timeout     # HooksReader
 * }
 * </pre>
 */
final class DoorReader {
  /** Longest name; it stands in events, file names and firewall comments. */
  static final int LONGEST_NAME = 64;

  /** Attempts and grants keep a connection count in 16 bits. */
  static final int MOST_CONNECTIONS = 65_534;

  private static final List<String> TRIGGERS = List.of("knock", "rotating", "spa");

  private final SequenceTerms sequenceTerms;
  private final GrantTerms grantTerms;
  private final HooksReader hooks;
  private final DoorPlaces places;
  private final SecretReader secrets;

  /**
   * @param defaults the block of that name, empty if there is none
   * @param places tells the order of stanzas
   * @param secrets opens the files that secrets stand in
   */
  DoorReader(Block defaults, DoorPlaces places, SecretReader secrets) {
    this.places = places;
    this.secrets = secrets;
    sequenceTerms = SequenceTerms.read(defaults, SequenceTerms.DEFAULT);
    grantTerms = GrantTerms.read(defaults, GrantTerms.DEFAULT);
    hooks = new HooksReader(defaults);
    for (String key : List.of("protects", "knock", "rotating", "spa")) {
      if (defaults.has(key)) {
        defaults.problem(key, "this belongs to one door; write it there");
      }
    }
  }

  /** How long and for whom a door stays open. */
  private record GrantTerms(
      @Nullable Duration autoclose,
      int coversV4,
      int coversV6,
      int connections,
      boolean killEstablished) {
    static final GrantTerms DEFAULT = new GrantTerms(Duration.ofHours(1), 32, 128, 0, false);

    static GrantTerms read(Block block, GrantTerms fallback) {
      Block covers = block.block("covers");
      return new GrantTerms(
          DurationKey.AUTOCLOSE.read(block, fallback.autoclose),
          covers.number("v4", fallback.coversV4, 1, 32),
          covers.number("v6", fallback.coversV6, 1, 128),
          block.read("connections", fallback.connections, GrantTerms::connections),
          block.flag("kill-established", fallback.killEstablished));
    }

    private static int connections(ConfigValue value) {
      return value.valueType() == ConfigValueType.NUMBER
          ? Scalar.number(value, 1, MOST_CONNECTIONS)
          : Scalar.word(value, Map.of("unlimited", 0));
    }
  }

  /** The door of a block, named as the block; null after a mistake that leaves no door. */
  @Nullable Door read(Block block) {
    checkName(block);
    hooks.read(block);
    GrantTerms terms = GrantTerms.read(block, grantTerms);
    List<PortRange> protects = readProtects(block);
    Trigger trigger = readTrigger(block, protects, terms);
    if (protects.isEmpty() || trigger == null) {
      return null;
    }
    Door door =
        new Door(
            block.name(),
            protects,
            trigger,
            terms.autoclose,
            terms.coversV4,
            terms.coversV6,
            terms.connections,
            terms.killEstablished);
    if (!block.flag("protects-knocks", false)) {
      checkKnocksAreNotProtected(block, door);
    }
    return door;
  }

  /** What runs when the doors that were read open and shut, by name of the door. */
  Map<String, Hooks> hooks() {
    return hooks.all();
  }

  private static void checkName(Block block) {
    String name = block.name();
    if (name.isBlank() || name.length() > LONGEST_NAME || !isPrintable(name)) {
      block.problem(
          "a door's name has 1 to " + LONGEST_NAME + " characters that can be printed; rename it");
    }
  }

  /** Whether a door's name has no control characters. */
  static boolean isPrintable(String name) {
    return name.chars().noneMatch(Character::isISOControl);
  }

  private static List<PortRange> readProtects(Block block) {
    if (!block.has("protects")) {
      block.problem("the door protects nothing; write protects = [ \"tcp/22\" ]");
    }
    return block.list("protects", "\"tcp/22\"", DoorReader::range);
  }

  private static PortRange range(ConfigValue value) {
    if (value.valueType() == ConfigValueType.NUMBER) {
      String number = Scalar.shown(value);
      throw new IllegalArgumentException(
          number + " lacks its protocol; write \"tcp/" + number + "\" or \"udp/" + number + "\"");
    }
    return PortRange.parse(Scalar.text(value));
  }

  /** One of the triggers there are; each has a reader of its own. */
  private @Nullable Trigger readTrigger(Block block, List<PortRange> protects, GrantTerms grant) {
    List<String> written = TRIGGERS.stream().filter(block::has).toList();
    if (written.size() > 1) {
      block.problem(
          written.get(1), written.get(0) + " opens the door already; make two doors of it");
    }
    if (written.equals(List.of("spa"))) {
      return SpaReader.read(block.block("spa"), protects, grant.autoclose, places, secrets);
    }
    SequenceTerms terms = SequenceTerms.read(block, sequenceTerms);
    if (block.has("knock")) {
      return SequenceReader.read(block, terms);
    } else if (block.has("rotating")) {
      return RotatingReader.read(block, protects, terms, secrets);
    } else if (!block.has("spa")) {
      block.problem("nothing opens the door; write knock = [ 7000, 8000, 9000 ]");
    }
    return null;
  }

  /**
   * A port that is both is a slip of the pen in most policies. Who means it (xt_pknock's rules
   * without --dport do: whoever is in, is in everywhere) says so with {@code protects-knocks}: the
   * port is knocked on from outside, and reached from inside.
   */
  private static void checkKnocksAreNotProtected(Block block, Door door) {
    List<Step> steps = door.trigger() instanceof Sequence sequence ? sequence.steps() : List.of();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (step.protocol() != Protocol.ICMP && door.protects(step.protocol(), step.number())) {
        block.problem(
            "knock",
            step + " is a knock and protected by the same door; choose another port to knock on");
      }
    }
    if (door.trigger() instanceof Spa spa && door.protects(Protocol.UDP, spa.port())) {
      block.problem(
          "spa",
          "udp/"
              + spa.port()
              + " takes messages and is protected by the same door; choose another port");
    }
  }
}

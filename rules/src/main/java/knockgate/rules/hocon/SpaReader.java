package knockgate.rules.hocon;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import knockgate.rules.policy.Spa;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code spa}, the trigger that is one authenticated message.
 *
 * <pre>
 * spa {
 *   dialect      = pknock               # or fwknop
 *   port         = 4002                 # UDP; fwknop: 62201 if not written
 *
 *   open-secret  = "..."                # pknock; or -file, -base64, -base64-file
 *   close-secret = "..."                # the same four ways; may be left out
 *   tolerance    = 1                    # minutes that the clocks may differ, 0 to 5
 *   last-byte    = optional             # or required, as the module has it
 *   closing      = once                 # or always, on any UDP port, as the module has it
 *   ipv6         = none                 # or pknock6, the extension
 *
 *   stanzas { alice { ... } }           # fwknop: StanzaReader
 * }
 * </pre>
 */
final class SpaReader {
  private static final int FWKNOP_PORT = 62_201;

  private SpaReader() {}

  /**
   * The trigger of a door.
   *
   * @param spa the block of that name
   * @param protects what the door protects
   * @param autoclose how long its grants last; null = until they are revoked
   * @param places tells the order of stanzas
   * @return null after a mistake that leaves no trigger
   */
  static @Nullable Spa read(
      Block spa,
      List<PortRange> protects,
      @Nullable Duration autoclose,
      DoorPlaces places,
      SecretReader secrets) {
    if (!spa.has("dialect")) {
      spa.problem("dialect", "which messages open the door? write dialect = pknock or fwknop");
    }
    String dialect = spa.word("dialect", "", Map.of("pknock", "pknock", "fwknop", "fwknop"));
    if (dialect.equals("fwknop")) {
      int port = spa.number("port", FWKNOP_PORT, 1, PortRange.HIGHEST);
      StanzaReader reader = new StanzaReader(protects, autoclose, secrets);
      List<FwknopStanza> stanzas = readStanzas(spa.block("stanzas"), places, reader);
      return stanzas.isEmpty() ? null : new Spa(port, new FwknopSpa(stanzas));
    }
    if (dialect.equals("pknock")) {
      if (!spa.has("port")) {
        spa.problem("port", "where do messages go? write port = 4002, a UDP port");
      }
      int port = spa.number("port", 0, 1, PortRange.HIGHEST);
      PknockSpa pknock = readPknock(spa, secrets);
      return pknock == null || port == 0 ? null : new Spa(port, pknock);
    }
    return null;
  }

  private static @Nullable PknockSpa readPknock(Block spa, SecretReader secrets) {
    Secret open = secrets.textOrBase64(spa, "open-secret");
    Secret close = secrets.textOrBase64(spa, "close-secret");
    int tolerance = spa.read("tolerance", 1, SpaReader::minutes);
    boolean lastByte = spa.word("last-byte", false, Map.of("optional", false, "required", true));
    boolean always = spa.word("closing", false, Map.of("once", false, "always", true));
    boolean pknock6 = spa.word("ipv6", false, Map.of("none", false, "pknock6", true));
    if (open == null) {
      if (!SecretReader.isWritten(spa, "open-secret")) {
        spa.problem("open-secret", "no secret opens the door; write one, or open-secret-file");
      }
      return null;
    }
    boolean openFits = fits(spa, "open-secret", open);
    boolean closeFits = close == null || fits(spa, "close-secret", close);
    if (open.equals(close)) {
      spa.problem("close-secret", "it is the open secret; take another, or no message closes");
      return null;
    }
    return openFits && closeFits
        ? new PknockSpa(open, close, tolerance, lastByte, pknock6, always)
        : null;
  }

  private static boolean fits(Block spa, String key, Secret secret) {
    boolean fits = secret.length() <= PknockSpa.MAX_SECRET;
    if (!fits) {
      spa.problem(
          key,
          "it has "
              + secret.length()
              + " bytes, and xt_pknock keeps the first "
              + PknockSpa.MAX_SECRET
              + " only; write those");
    }
    return fits;
  }

  /** A bare number is minutes: nothing finer is hashed. */
  private static int minutes(ConfigValue value) {
    String text = value.valueType() == ConfigValueType.STRING ? Scalar.text(value) : "";
    if (!text.matches("[0-9]{1,9}m")) {
      return Scalar.number(value, 0, PknockSpa.MAX_TOLERANCE);
    }
    int minutes = Integer.parseInt(text.substring(0, text.length() - 1));
    if (minutes > PknockSpa.MAX_TOLERANCE) {
      throw new IllegalArgumentException(
          text + " is out of bounds; write 0 to " + PknockSpa.MAX_TOLERANCE);
    }
    return minutes;
  }

  /** In the order in which they are written: the first that takes a message decides. */
  private static List<FwknopStanza> readStanzas(
      Block stanzas, DoorPlaces places, StanzaReader reader) {
    if (stanzas.keys().isEmpty()) {
      stanzas.problem("nobody may open the door; write stanzas { alice { ... } }");
    }
    return places.inOrder(stanzas).stream().map(reader::read).filter(Objects::nonNull).toList();
  }
}

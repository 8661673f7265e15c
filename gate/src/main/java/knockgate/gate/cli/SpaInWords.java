package knockgate.gate.cli;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import knockgate.rules.policy.Spa;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.MessageSeal;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.words.PortRange;

/** Says what a message must be to open a door. Never a secret, not even its length. */
final class SpaInWords {
  private SpaInWords() {}

  /** Goes on behind "Opens for an address that". */
  static String of(Spa spa) {
    return "sends "
        + (spa.dialect() instanceof PknockSpa pknock
            ? pknock(pknock, spa.port())
            : fwknop((FwknopSpa) spa.dialect(), spa.port()));
  }

  private static String pknock(PknockSpa pknock, int port) {
    String clocks =
        pknock.tolerance() == 0
            ? "in the same minute"
            : "with a clock that differs by " + pknock.tolerance() + " min at most";
    return "the open message of xt_pknock to udp/"
        + port
        + ", "
        + clocks
        + "; once a minute, each message once."
        + (pknock.close() == null ? "" : closing(pknock))
        + (pknock.pknock6() ? " IPv6 by the extension pknock6." : " IPv4 only.");
  }

  private static String closing(PknockSpa pknock) {
    return pknock.closesAlways()
        ? " Its close message, on any UDP port and each time, shuts the door."
        : " Its close message shuts the door.";
  }

  private static String fwknop(FwknopSpa fwknop, int port) {
    return "a message of fwknop to udp/"
        + port
        + ", sealed by a key of "
        + fwknop.stanzas().stream().map(SpaInWords::stanza).collect(Collectors.joining("; or of "))
        + ". Each message counts once, commands are never run.";
  }

  private static String stanza(FwknopStanza stanza) {
    List<String> parts = new ArrayList<>();
    parts.add(stanza.name() + " (" + keys(stanza.keys()) + ")");
    parts.add("for " + list(stanza.ports()));
    if (!stanza.restricted().isEmpty()) {
      parts.add("but not " + list(stanza.restricted()));
    }
    if (!stanza.sources().isEmpty()) {
      parts.add("from " + list(stanza.sources()));
    }
    if (!stanza.destinations().isEmpty()) {
      parts.add("sent to " + list(stanza.destinations()));
    }
    if (stanza.user() != null) {
      parts.add("as user " + stanza.user());
    }
    if (stanza.addressRequired()) {
      parts.add("with an address inside");
    }
    if (!stanza.nat().isEmpty()) {
      parts.add("where NAT to " + nat(stanza.nat()));
    }
    parts.add("with a clock that differs by " + PolicyInWords.span(stanza.age()) + " at most");
    parts.add("which may ask for " + PolicyInWords.span(stanza.maxTimeout()));
    if (stanza.expires() != null) {
      parts.add("until " + LocalDate.ofInstant(stanza.expires(), ZoneOffset.UTC) + " begins");
    }
    return String.join(", ", parts);
  }

  private static String keys(MessageSeal seal) {
    HashKind hmac = seal.hmac();
    String how = seal instanceof FwknopKeys keys ? keys.mode().word() : gpg((FwknopGpg) seal);
    return how + ", " + (hmac == null ? "no HMAC" : "HMAC " + hmac.word());
  }

  private static String gpg(FwknopGpg gpg) {
    return gpg.signers().isEmpty()
        ? "GPG, not signed"
        : "GPG, signed by " + gpg.signers().stream().sorted().collect(Collectors.joining(" or "));
  }

  private static String nat(Map<String, PortRange> nat) {
    return nat.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey() + " opens " + entry.getValue())
        .collect(Collectors.joining(" and "));
  }

  private static String list(List<?> things) {
    return things.stream().map(Object::toString).collect(Collectors.joining(" and "));
  }
}

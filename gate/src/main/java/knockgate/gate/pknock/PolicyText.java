package knockgate.gate.pknock;

import com.typesafe.config.ConfigUtil;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import knockgate.gate.fault.Printable;

/** Writes doors as a policy in HOCON. */
final class PolicyText {
  private static final int WIDTH = 96;

  private PolicyText() {}

  /** The text. */
  static String of(Doors doors) {
    StringBuilder text = new StringBuilder();
    text.append("# From xt_pknock's rules, by knockgate import pknock.\n");
    doors
        .differences()
        .forEach(it -> text.append("# Stricter than the rules: ").append(comment(it)).append('\n'));
    text.append('\n');
    if (doors.restDecides()) {
      text.append("# The other rules of the firewall stay and decide; the layout is mark.\n");
    }
    text.append("unmatched  = ").append(word(doors.unmatched())).append('\n');
    text.append("unparsable = drop\n");
    if (!doors.rescue().isEmpty()) {
      text.append("rescue     = ").append(list(doors.rescue())).append('\n');
    }
    text.append("\ndoors {\n");
    doors.doors().forEach(door -> text.append(door(door)));
    return text.append("}\n").toString();
  }

  private static String comment(String rule) {
    return Printable.of(rule).replace('\n', ' ');
  }

  private static String word(Enum<?> verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  private static String door(ImportedDoor door) {
    Knock knock = door.knock();
    StringBuilder text = new StringBuilder();
    text.append("  # ").append(comment(door.rule().text())).append('\n');
    text.append("  ").append(ConfigUtil.quoteString(door.name())).append(" {\n");
    line(text, "protects", list(door.protects()));
    if (door.protectsKnocks()) {
      line(text, "protects-knocks", "true");
    }
    Knock.Secrets secrets = knock.secrets();
    if (secrets == null) {
      sequence(text, door);
    } else {
      messages(text, door, secrets);
    }
    line(text, "autoclose", autoclose(door));
    return text.append("  }\n").toString();
  }

  private static void sequence(StringBuilder text, ImportedDoor door) {
    line(text, "knock", steps(door.knock()));
    line(text, "strict", String.valueOf(door.knock().strict()));
    line(text, "time", door.seconds() + "s");
    line(text, "flags", "any");
    line(text, "repeats", "count");
    line(text, "restart", "false");
  }

  private static void messages(StringBuilder text, ImportedDoor door, Knock.Secrets secrets) {
    text.append("    spa {\n");
    line(text, "  dialect", "pknock");
    line(text, "  port", String.valueOf(door.knock().lastPort()));
    line(text, "  open-secret", ConfigUtil.quoteString(secrets.open()));
    line(text, "  close-secret", ConfigUtil.quoteString(secrets.close()));
    line(text, "  tolerance", "0");
    line(text, "  last-byte", "required");
    line(text, "  closing", "always");
    text.append("    }\n");
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(String.format(Locale.ROOT, "    %-9s = %s%n", key, value));
  }

  private static String steps(Knock knock) {
    String prefix = knock.protocol() == IpProtocol.UDP ? "udp/" : "";
    return knock.ports().stream()
        .map(port -> prefix.isEmpty() ? String.valueOf(port) : '"' + prefix + port + '"')
        .collect(Collectors.joining(", ", "[ ", " ]"));
  }

  private static String autoclose(ImportedDoor door) {
    return door.minutes() == 0 ? "never" : door.minutes() + "m";
  }

  private static String list(List<?> elements) {
    String line =
        elements.stream().map(e -> "\"" + e + '"').collect(Collectors.joining(", ", "[ ", " ]"));
    return line.length() <= WIDTH
        ? line
        : elements.stream()
            .map(e -> "      \"" + e + "\"\n")
            .collect(Collectors.joining("", "[\n", "    ]"));
  }
}

package knockgate.gate.knock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.fault.FileTrouble;
import knockgate.gate.policy.SecretFiles;
import knockgate.rules.spa.Secret;
import org.jspecify.annotations.Nullable;

/**
 * One stanza of a file such as {@code ~/.fwknoprc}, where fwknop's client keeps servers and keys,
 * read as that client reads it: a value ends at a blank, a semicolon or a number sign, and the
 * stanza {@code default} holds for all others (mrash/fwknop: client/config_init.c).
 *
 * <pre>
 * [default]
 * FW_TIMEOUT        60              # holds for every stanza that does not say otherwise
 * [gate.example]
 * SPA_SERVER        gate.example
 * ACCESS            tcp/22
 * KEY_BASE64        Zm9v
 * </pre>
 */
public final class FwknopRc {
  private static final String DEFAULT = "default";
  private static final Pattern HEADING = Pattern.compile("\\[([^\\]]+)\\].*");
  private static final Pattern SETTING = Pattern.compile("(\\w+):?\\s+([^\\s;#]+).*");

  /**
   * Settings that change the packet or its way in a manner not built here, and what undoes them.
   */
  private static final Map<String, String> REFUSED =
      Map.of(
          "SPA_SERVER_PROTO", "udp",
          "RAND_PORT", "n",
          "SPOOF_SOURCE_IP", "",
          "SPA_SOURCE_PORT", "0",
          "USE_GPG", "n",
          "KEY_FILE", "",
          "HMAC_KEY_FILE", "",
          "NAT_LOCAL", "n",
          "NAT_PORT", "",
          "NAT_RAND_PORT", "n");

  private final Map<String, String> settings;

  private FwknopRc(Map<String, String> settings) {
    this.settings = settings;
  }

  /** A stanza that says nothing. */
  public static FwknopRc empty() {
    return new FwknopRc(Map.of());
  }

  /**
   * Reads one stanza.
   *
   * @throws Failure if the file cannot be read, others may read it, it has no such stanza, or the
   *     stanza asks for what this client cannot do
   */
  public static FwknopRc read(Path file, String stanza) {
    Map<String, Map<String, String>> stanzas = stanzas(lines(file));
    Map<String, String> named = stanzas.get(stanza);
    if (named == null) {
      throw new Failure(
          ExitCode.NOT_SO, file + " has no stanza [" + stanza + "]; it has " + stanzas.keySet());
    }
    Map<String, String> settings = new HashMap<>(stanzas.getOrDefault(DEFAULT, Map.of()));
    settings.putAll(named);
    for (String name : REFUSED.keySet().stream().sorted().toList()) {
      String value = settings.get(name);
      if (value != null && !value.toLowerCase(Locale.ROOT).equals(REFUSED.get(name))) {
        throw new Failure(
            ExitCode.NOT_SO,
            "[" + stanza + "] sets " + name + ", which this client cannot do; take it out");
      }
    }
    return new FwknopRc(settings);
  }

  private static List<String> lines(Path file) {
    try {
      // Keys stand in it: the same care as for files of secrets.
      SecretFiles.checkPermissions(file);
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.NOT_SO, "there is no file " + file, e);
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT, file + " cannot be read: " + FileTrouble.reason(e), e);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.NOT_SO, String.valueOf(e.getMessage()), e);
    }
  }

  private static Map<String, Map<String, String>> stanzas(List<String> lines) {
    Map<String, Map<String, String>> stanzas = new LinkedHashMap<>();
    Map<String, String> present = new HashMap<>();
    for (String line : lines) {
      String text = line.strip();
      Matcher heading = HEADING.matcher(text);
      Matcher setting = SETTING.matcher(text);
      if (heading.matches()) {
        present = stanzas.computeIfAbsent(heading.group(1), name -> new HashMap<>());
      } else if (setting.matches()) {
        present.put(setting.group(1).toUpperCase(Locale.ROOT), setting.group(2));
      }
    }
    return stanzas;
  }

  /** What a setting says; null where it is not written. */
  public @Nullable String get(String setting) {
    return settings.get(setting);
  }

  /** The same, or {@code fallback}. */
  public String get(String setting, String fallback) {
    return settings.getOrDefault(setting, fallback);
  }

  /**
   * A key, as text or in base64; null where neither is written.
   *
   * @throws Failure if the base64 is broken, without repeating it
   */
  public @Nullable Secret key(String setting) {
    String base64 = settings.get(setting + "_BASE64");
    String text = settings.get(setting);
    try {
      return base64 != null ? Secret.ofBase64(base64) : text != null ? Secret.ofText(text) : null;
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.NOT_SO, setting + "_BASE64: " + e.getMessage(), e);
    }
  }

  /** Without the settings, some of which are keys. */
  @Override
  public String toString() {
    return settings.size() + " settings";
  }
}

package knockgate.gate.cli.knock;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import knockgate.gate.knock.FwknopOrder;
import knockgate.gate.knock.FwknopRc;
import knockgate.gate.knock.Knocker;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.HashKind;
import knockgate.rules.words.PortRange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say what an fwknop message asks for; a mixin. An rc stanza says the rest. */
final class FwknopWish {
  private static final String FROM_THE_PACKET = "0.0.0.0";
  private static final int LONGEST = 65_536;

  /** Sign, number, unit. */
  private static final Pattern TIME_OFFSET = Pattern.compile("(-?)(\\d{1,9})([smhd]?)");

  @Option(
      names = {"-A", "--access"},
      paramLabel = "PORTS",
      description = "what to ask for, such as tcp/22,udp/53")
  private @Nullable String access;

  @Option(
      names = {"-a", "--allow-ip"},
      paramLabel = "ADDRESS",
      description =
          "the IPv4 address that is to get in, or \"source\": where the packet comes from"
              + " (default: this machine's, or source where that is private or IPv6)")
  private @Nullable String allow;

  @Option(
      names = {"-s", "--source-ip"},
      description = "the same as -a source, as fwknop has it")
  private boolean fromThePacket;

  @Option(
      names = {"-f", "--fw-timeout"},
      paramLabel = "SECONDS",
      description = "how long (default: as the gate says)")
  private @Nullable Integer timeout;

  @Option(
      names = {"-N", "--nat-access"},
      paramLabel = "HOST:PORT",
      description = "a host behind the gate")
  private @Nullable String nat;

  @Option(
      names = {"-U", "--spoof-user"},
      paramLabel = "USER",
      description = "the user to name (default: this one)")
  private @Nullable String user;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /**
   * What the message says.
   *
   * @param target where it goes
   * @param from the address it is sent from; null = the kernel chooses
   */
  FwknopOrder order(
      FwknopRc rc,
      FwknopKeys keys,
      HashKind digest,
      InetAddress target,
      @Nullable InetAddress from) {
    String asked = access == null ? rc.get("ACCESS") : access;
    if (asked == null || !asked.matches("(tcp|udp)/\\d{1,5}(,(tcp|udp)/\\d{1,5})*")) {
      throw Misuse.of(command, "say what to ask for: -A tcp/22,udp/53, or ACCESS in the stanza");
    }
    String behind = nat == null ? rc.get("NAT_ACCESS") : nat;
    if (behind != null && !behind.matches("[\\w.-]{1,70}[:,]\\d{1,5}")) {
      throw Misuse.of(
          command, "\"" + behind + "\" is nothing behind a gate; write such as 10.1.2.3:22");
    }
    return new FwknopOrder(
        keys,
        digest,
        user == null ? rc.get("SPOOF_USER", System.getProperty("user.name")) : user,
        allowed(rc, target, from),
        asked,
        behind == null ? null : behind.replace(':', ','),
        timeout == null ? number(rc, "FW_TIMEOUT", 0, LONGEST) : checked(timeout));
  }

  /** A number of the stanza. */
  int number(FwknopRc rc, String setting, int fallback, int max) {
    String text = rc.get(setting, Integer.toString(fallback));
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > max) {
      throw Misuse.of(command, setting + " of the stanza is no number up to " + max);
    }
    return Integer.parseInt(text);
  }

  private int checked(int seconds) {
    if (seconds < 0 || seconds > LONGEST) {
      throw Misuse.of(command, "-f takes 0 to " + LONGEST + " seconds");
    }
    return seconds;
  }

  /** Who is to get in. The dialect writes IPv4 addresses only; all others are "source". */
  private String allowed(FwknopRc rc, InetAddress target, @Nullable InetAddress from) {
    String text = allowed(rc);
    switch (text) {
      case "source", FROM_THE_PACKET -> {
        return FROM_THE_PACKET;
      }
      case "resolve" ->
          throw Misuse.of(
              command, "nobody is asked for this machine's address: write it, or -a source");
      case "auto" -> {
        return own(target, from);
      }
      default -> {
        if (!isIpv4(text)) {
          throw Misuse.of(
              command, "\"" + text + "\" is no IPv4 address, and the dialect writes no other");
        }
        return text;
      }
    }
  }

  private String allowed(FwknopRc rc) {
    return fromThePacket ? "source" : allow == null ? rc.get("ALLOW_IP", "auto") : allow;
  }

  /** Whether an address is written, instead of "source" or of what this machine finds. */
  boolean namesAnAddress(FwknopRc rc) {
    return isIpv4(allowed(rc)) && !allowed(rc).equals(FROM_THE_PACKET);
  }

  private static boolean isIpv4(String text) {
    String octet = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    return text.matches("(" + octet + "\\.){3}" + octet);
  }

  /** A private address would be of no use where a router on the way puts in its own. */
  private static String own(InetAddress target, @Nullable InetAddress from) {
    InetAddress own = new Knocker(target, from, new byte[0]).sender();
    boolean seenElsewhereAsAnother = own.isSiteLocalAddress() && !target.isSiteLocalAddress();
    return own instanceof Inet4Address && !seenElsewhereAsAnother
        ? own.getHostAddress()
        : FROM_THE_PACKET;
  }

  /** How far the stanza puts the message's clock ahead, seconds; negative = behind. */
  long clockAhead(FwknopRc rc) {
    String text = rc.get("TIME_OFFSET", "0");
    Matcher matcher = TIME_OFFSET.matcher(text);
    if (!matcher.matches()) {
      throw Misuse.of(command, "TIME_OFFSET of the stanza is no time such as -90, 5m, 2h or 1d");
    }
    long unit =
        switch (matcher.group(3)) {
          case "m" -> 60;
          case "h" -> 3600;
          case "d" -> 86_400;
          default -> 1;
        };
    long seconds = Long.parseLong(matcher.group(2)) * unit;
    return matcher.group(1).isEmpty() ? seconds : -seconds;
  }

  /** The port that messages go to. */
  int port(FwknopRc rc, @Nullable Integer option, int usual) {
    int port = option == null ? number(rc, "SPA_SERVER_PORT", usual, PortRange.HIGHEST) : option;
    if (port < 1 || port > PortRange.HIGHEST) {
      throw Misuse.of(command, "there is no port " + port);
    }
    return port;
  }
}

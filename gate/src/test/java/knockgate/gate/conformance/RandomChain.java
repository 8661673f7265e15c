package knockgate.gate.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random chains of rules and random packets for them: few names, few ports and few sources, so that
 * everything meets everything.
 */
final class RandomChain {
  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final List<String> SOURCES = List.of("10.9.0.2", "10.9.0.3", "192.0.2.7");
  private static final int[] PORTS = {7001, 7002, 7003, 22, 80, 443, 8000, 8004, 8011, 9};
  private static final String[] DESTINATIONS = {
    "--dport 22", "--dport 80", "--dport 8000:8010", "--dport 7002", "-m multiport --dports 22,443"
  };

  private static final int SPA_PORT = 9;

  /**
   * Whole seconds, in which the module counts, and multiples of seven, since an autoclose of one or
   * two minutes then never ends in the very moment of a packet.
   */
  private static final int[] PAUSES = {0, 0, 0, 0, 0, 0, 7, 7, 14, 21, 28, 63, 126};

  private static final int[] LIMITS = {3, 7, 10, 14, 20};

  private final SplittableRandom random;
  final List<String> rules = new ArrayList<>();
  final boolean acceptsByDefault;

  /** A chain of one to five rules. */
  RandomChain(SplittableRandom random) {
    this.random = random;
    this.acceptsByDefault = chance(15);
    List<String> unused = new ArrayList<>(NAMES);
    int count = 1 + random.nextInt(5);
    while (rules.size() < count) {
      int kind = random.nextInt(10);
      if (kind < 5 && !unused.isEmpty()) {
        rules.add(knock(chance(5) ? "a" : unused.remove(0)));
      } else if (kind < 8) {
        rules.add(membership());
      } else {
        rules.add(plain());
      }
    }
  }

  /** A secret rule's port is 9. */
  private String secrets(String name) {
    String rule = "-p udp -m pknock --knockports " + SPA_PORT + " --name " + name;
    rule += " --opensecret open-" + name + " --closesecret close-" + name;
    rule += chance(50) ? " --autoclose " + random.nextInt(3) : "";
    rule += chance(50) ? " --strict" : "";
    return rule + (chance(10) ? " --dport 80 -j ACCEPT" : chance(80) ? " -j DROP" : "");
  }

  private String knock(String name) {
    if (chance(25)) {
      return secrets(name);
    }
    String rule = "-p " + protocol() + (chance(5) ? " -m tcp --dport 7001:7003" : "");
    rule = rule.startsWith("-p udp") ? "-p udp" : rule;
    rule += " -m pknock --knockports " + ports() + " --name " + name;
    rule += " --time " + LIMITS[random.nextInt(LIMITS.length)];
    rule += chance(50) ? " --autoclose " + random.nextInt(3) : "";
    rule += chance(50) ? " --strict" : "";
    rule += chance(60) ? " " + one(DESTINATIONS) : "";
    return rule + (chance(60) ? " -j ACCEPT" : chance(70) ? " -j DROP" : "");
  }

  private String ports() {
    List<String> ports = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      ports.add(String.valueOf(PORTS[random.nextInt(chance(90) ? 3 : PORTS.length)]));
    }
    return String.join(",", ports);
  }

  private String membership() {
    String match = "-m pknock --checkip --name " + NAMES.get(random.nextInt(NAMES.size()));
    String target = chance(90) ? " -j ACCEPT" : " -j DROP";
    if (chance(5)) {
      return match + target;
    }
    String protocol = protocol();
    if (chance(10)) {
      return "-p " + protocol + " " + match + target;
    }
    String port = "--dport " + (chance(50) ? "22" : "8000:8010");
    return chance(50)
        ? "-p %s -m %s %s %s%s".formatted(protocol, protocol, port, match, target)
        : "-p %s %s %s%s".formatted(protocol, match, port, target);
  }

  private String plain() {
    String target = chance(60) ? " -j ACCEPT" : " -j DROP";
    if (chance(15)) {
      return "-s 192.0.2.7" + target;
    }
    String protocol = protocol();
    String port = chance(80) ? " -m " + protocol + " --dport " + (chance(50) ? 80 : 8004) : "";
    return "-p " + protocol + port + target;
  }

  private String protocol() {
    return chance(65) ? "tcp" : "udp";
  }

  private String one(String[] texts) {
    return texts[random.nextInt(texts.length)];
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** How long to wait before the next packet, in ms. */
  long pauseMs() {
    return 1000L * PAUSES[random.nextInt(PAUSES.length)];
  }

  /**
   * Any packet.
   *
   * @param mayBeCut whether its transport header may end early
   * @param minute the present one, since 1970
   */
  ByteBuffer packet(boolean mayBeCut, long minute) {
    int source = EventPacket.address(SOURCES.get(random.nextInt(SOURCES.size())));
    boolean hasSecrets = rules.stream().anyMatch(rule -> rule.contains("secret"));
    if (hasSecrets && chance(25)) {
      int port = chance(75) ? SPA_PORT : port();
      return datagram(source, port, message(source, minute));
    }
    int sourcePort = 40_000 + random.nextInt(3);
    int protocol = chance(65) ? Protocols.TCP : chance(90) ? Protocols.UDP : Protocols.UDPLITE;
    byte[] payload = new byte[random.nextInt(3)];
    byte[] transport =
        protocol == Protocols.TCP
            ? EventPacket.tcp(sourcePort, port(), random.nextInt(3), random.nextInt(256), payload)
            : EventPacket.udp(sourcePort, port(), payload);
    if (mayBeCut && chance(8)) {
      transport = Arrays.copyOf(transport, random.nextInt(transport.length));
    }
    return EventPacket.ipv4(source, protocol, new byte[chance(95) ? 0 : 8], transport);
  }

  private static ByteBuffer datagram(int source, int port, byte[] payload) {
    return EventPacket.ipv4(
        source, Protocols.UDP, new byte[0], EventPacket.udp(40_000, port, payload));
  }

  /** Mostly a good one: to open or to close, for this minute or another, whole or not. */
  private byte[] message(int source, long minute) {
    String secret = (chance(60) ? "open-" : "close-") + NAMES.get(random.nextInt(NAMES.size()));
    long madeFor = chance(90) ? minute : minute + random.nextInt(-1, 2);
    byte[] digits = SpaPayload.digits(secret.getBytes(US_ASCII), source, madeFor);
    return Arrays.copyOf(digits, chance(95) ? SpaPayload.LENGTH : SpaPayload.LENGTH - 1);
  }

  /** Knock ports are the first three, and half of all packets. */
  private int port() {
    return PORTS[random.nextInt(chance(50) ? 3 : PORTS.length)];
  }
}

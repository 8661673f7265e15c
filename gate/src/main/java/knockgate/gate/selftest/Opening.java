package knockgate.gate.selftest;

import java.net.Inet4Address;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import knockgate.gate.knock.FwknopOrder;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.Spa;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import org.jspecify.annotations.Nullable;

/**
 * How a door is opened from one address.
 *
 * @param words what is sent, for people; or, without an action, why nothing can be
 * @param port a port that must then be open; null = it cannot be tried
 * @param packets send one packet each
 */
record Opening(String words, @Nullable PortRange port, List<Runnable> packets) {
  Opening {
    packets = List.copyOf(packets);
  }

  private static final String ANYONE = "selftest";
  private static final long NS_PER_MS = 1_000_000;

  /** Sends everything, with a pause after each packet; 0 = none. */
  void send(int pauseMs) {
    for (Runnable packet : packets) {
      packet.run();
      LockSupport.parkNanos(pauseMs * NS_PER_MS);
    }
  }

  private static Runnable knock(Caller caller, Step step) {
    return () -> caller.knock(step);
  }

  /** What opens a door for a caller. */
  static Opening of(Door door, Caller caller) {
    PortRange first = door.protects().get(0);
    if (door.trigger() instanceof Sequence sequence) {
      return knocks(sequence, first, caller);
    }
    if (door.trigger() instanceof Rotating rotating) {
      long step = rotating.knocks().stepAt(System.currentTimeMillis());
      return knocks(rotating.at(step), first, caller);
    }
    Spa spa = (Spa) door.trigger();
    if (spa.dialect() instanceof PknockSpa pknock) {
      return pknock(spa.port(), pknock, first, caller);
    }
    if (spa.dialect() instanceof FwknopSpa fwknop) {
      return fwknop(spa.port(), fwknop.stanzas(), door, caller);
    }
    return impossible("selftest knows no such messages");
  }

  private static Opening knocks(Sequence sequence, PortRange port, Caller caller) {
    if (sequence.uses(Protocol.TCP) && !sequence.flags().matches(TcpFlags.SYN)) {
      return impossible("its knocks are no SYN, and selftest sends no other");
    }
    List<Step> steps = sequence.steps();
    String words = steps.size() == 1 ? "one knock" : steps.size() + " knocks";
    return new Opening(words, port, steps.stream().map(step -> knock(caller, step)).toList());
  }

  private static Opening pknock(int port, PknockSpa spa, PortRange opens, Caller caller) {
    if (!isV4(caller) && !spa.pknock6()) {
      return impossible("the dialect pknock has no IPv6 unless ipv6 = pknock6");
    }
    Prefix source = Prefix.parse(caller.source().getHostAddress());
    return new Opening(
        "one message",
        opens,
        List.of(
            () ->
                caller.send(
                    port,
                    PknockSpa.message(
                        spa.open(), source.hi(), source.lo(), Instant.now().getEpochSecond()))));
  }

  private static Opening fwknop(int port, List<FwknopStanza> stanzas, Door door, Caller caller) {
    for (FwknopStanza stanza : stanzas) {
      PortRange opens = port(stanza, door);
      if (opens != null && takes(stanza, caller) && stanza.keys() instanceof FwknopKeys keys) {
        return new Opening(
            "one message of stanza " + stanza.name(),
            opens,
            List.of(() -> caller.send(port, message(stanza, keys, opens, caller))));
      }
    }
    return impossible(
        "no stanza opens a port of the door for messages that selftest can make: from any address,"
            + " sealed with a key");
  }

  private static byte[] message(
      FwknopStanza stanza, FwknopKeys keys, PortRange port, Caller caller) {
    String user = stanza.user();
    return new FwknopOrder(
            keys,
            HashKind.SHA256,
            user == null ? ANYONE : user,
            isV4(caller) ? caller.source().getHostAddress() : "0.0.0.0",
            port.protocol().word() + "/" + port.first(),
            null,
            0)
        .packet(Instant.now().getEpochSecond(), new SecureRandom());
  }

  private static boolean takes(FwknopStanza stanza, Caller caller) {
    Instant expires = stanza.expires();
    return stanza.sources().isEmpty()
        && stanza.destinations().isEmpty()
        && (isV4(caller) || !stanza.addressRequired())
        && (expires == null || expires.isAfter(Instant.now()));
  }

  /** The first port of the door's that the stanza may ask for. */
  private static @Nullable PortRange port(FwknopStanza stanza, Door door) {
    for (PortRange range : stanza.ports()) {
      for (int port = range.first(); port <= range.last(); port++) {
        Protocol protocol = range.protocol();
        int tried = port;
        boolean restricted =
            stanza.restricted().stream().anyMatch(r -> r.contains(protocol, tried));
        if (door.protects(protocol, port) && !restricted) {
          return new PortRange(protocol, port, port);
        }
      }
    }
    return null;
  }

  private static boolean isV4(Caller caller) {
    return caller.source() instanceof Inet4Address;
  }

  private static Opening impossible(String why) {
    return new Opening(why, null, List.of());
  }
}

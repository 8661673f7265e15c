package knockgate.rules.spa;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Holds an authentic message against a stanza, in the order of the real server (specs,
 * fwknop-spa.md, 7). Knows nothing of ciphers: a message decrypted elsewhere is judged here too.
 * Owned by one thread.
 */
public final class FwknopJudge {
  private @Nullable FwknopRequest request;

  /** How far the sender's clock is ahead of ours, milliseconds; negative = behind. */
  public static long clockDifferenceMs(FwknopMessage message, long epochMs) {
    return message.timestamp() * 1000 - epochMs;
  }

  /** Whether the clocks are near enough, in whole seconds as the real server counts. */
  public static boolean isInTime(FwknopStanza stanza, FwknopMessage message, long epochMs) {
    long seconds = Math.abs(message.timestamp() - Math.floorDiv(epochMs, 1000L));
    return seconds <= stanza.age().toSeconds();
  }

  /**
   * Judges all but time and replay.
   *
   * @param srcHi the packet's source, first 64 bits
   * @param srcLo its last 64 bits
   * @return {@link Reason#SPA_OPENED} when {@link #request} holds what to grant
   */
  public Reason judge(FwknopStanza stanza, FwknopMessage message, long srcHi, long srcLo) {
    request = null;
    boolean isCommand = message.type() == FwknopType.COMMAND;
    FwknopAccess access = isCommand ? null : FwknopAccess.parse(message.message());
    if (access != null && access.address() == 0 && stanza.addressRequired()) {
      return Reason.SPA_ADDRESS;
    }
    if (stanza.user() != null && !stanza.user().equals(message.user())) {
      return Reason.SPA_USER;
    }
    if (access == null) {
      return isCommand ? Reason.SPA_COMMAND : Reason.SPA_FIELDS;
    }
    List<PortRange> ports = new ArrayList<>();
    Reason refusal =
        message.nat() == null ? ports(stanza, access, ports) : nat(stanza, message.nat(), ports);
    if (refusal != null) {
      return refusal;
    }
    boolean own = access.address() == 0;
    request =
        new FwknopRequest(
            stanza,
            message,
            own ? srcHi : 0,
            own ? srcLo : Prefix.v4(access.address()),
            ports,
            timeout(stanza, message));
    return Reason.SPA_OPENED;
  }

  /** What the last message that was judged good asked for. */
  public FwknopRequest request() {
    if (request == null) {
      throw new IllegalStateException("the last message was refused");
    }
    return request;
  }

  private static @Nullable Reason ports(
      FwknopStanza stanza, FwknopAccess access, List<PortRange> into) {
    for (FwknopAccess.Asked asked : access.ports()) {
      Protocol protocol =
          switch (asked.protocol()) {
            case "tcp" -> Protocol.TCP;
            case "udp" -> Protocol.UDP;
            default -> null;
          };
      if (protocol == null || !holds(stanza.ports(), protocol, asked.port())) {
        return Reason.SPA_PORT;
      }
      if (holds(stanza.restricted(), protocol, asked.port())) {
        return Reason.SPA_RESTRICTED;
      }
      into.add(new PortRange(protocol, asked.port(), asked.port()));
    }
    return null;
  }

  private static @Nullable Reason nat(FwknopStanza stanza, String nat, List<PortRange> into) {
    PortRange mapped = stanza.nat().get(nat);
    if (mapped == null) {
      return Reason.SPA_NAT;
    }
    into.add(mapped);
    return null;
  }

  private static boolean holds(List<PortRange> ranges, Protocol protocol, int port) {
    return ranges.stream().anyMatch(range -> range.contains(protocol, port));
  }

  private static @Nullable Duration timeout(FwknopStanza stanza, FwknopMessage message) {
    if (message.timeout() == 0) {
      return stanza.timeout();
    }
    Duration asked = Duration.ofSeconds(message.timeout());
    return asked.compareTo(stanza.maxTimeout()) > 0 ? stanza.maxTimeout() : asked;
  }
}

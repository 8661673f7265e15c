package knockgate.rules;

import java.util.List;
import knockgate.rules.spa.FwknopStanza;

/**
 * A message of fwknop's GPG mode on its way to {@link SealedJudge}: its HMAC was right, or a stanza
 * takes it without one. Goes from a lane's thread to the one that decrypts; nobody changes it.
 */
public final class SealedMessage {
  /** The OpenPGP message itself. */
  final byte[] openPgp;

  /** Stanzas that may take it, in the order of the policy, one at least. */
  final List<Taker> takers;

  /** The wall clock on arrival: the message's age counts from there, however long it waits. */
  final long epochMs;

  private final long srcHi;
  private final long srcLo;
  private final int port;
  private final boolean observed;

  /** A stanza, and the door that it opens. */
  record Taker(DoorPlan plan, FwknopStanza stanza) {
    String door() {
      return plan.door.name();
    }
  }

  /**
   * @param packet that brought it
   * @param observed whether the policy only observes
   */
  SealedMessage(byte[] openPgp, List<Taker> takers, Packet packet, long epochMs, boolean observed) {
    this.openPgp = openPgp;
    this.takers = List.copyOf(takers);
    this.epochMs = epochMs;
    this.srcHi = packet.srcHi;
    this.srcLo = packet.srcLo;
    this.port = packet.dstPort;
    this.observed = observed;
  }

  /** The first door that it may open, for an event about a message that nobody decrypted. */
  public String door() {
    return takers.get(0).door();
  }

  /** The packet's source, first 64 bits. */
  public long srcHi() {
    return srcHi;
  }

  /** Its last 64 bits. */
  public long srcLo() {
    return srcLo;
  }

  /** The UDP port that it went to. */
  public int port() {
    return port;
  }

  /** Whether the policy only observes. */
  public boolean observed() {
    return observed;
  }
}

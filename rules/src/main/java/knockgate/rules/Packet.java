package knockgate.rules;

import knockgate.rules.policy.Policy;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Step;
import knockgate.rules.words.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The slot of the ring: everything the gate knows about one packet, and what it decided. Allocated
 * once and reused; the reader thread writes the first part, the gatekeeper thread the second, and
 * the ring orders them.
 */
public final class Packet {
  /** Bytes of payload that are kept: more than any SPA message (specs, fwknop: 1500). */
  public static final int MAX_PAYLOAD = 1536;

  private static final int MAX_NOTES = 8;
  private static final Reason[] REASONS = Reason.values();

  // --- written by the lane's reader -----------------------------------------------------------

  /** The kernel's packet id in its queue. */
  public int id;

  /** When the reader had it, in monotonic nanoseconds since the gate's start. */
  public long readNs;

  /** The packet's mark on arrival. */
  public int arrivalMark;

  /** Whether the headers could be read; otherwise only version and addresses may be known. */
  public boolean readable;

  /** Null = a protocol that no door and no knock can name. */
  public @Nullable Protocol protocol;

  /** IP version, 4 or 6; 0 = not even that could be read, and the addresses are zero. */
  public int version;

  /** Source address, as {@link knockgate.rules.words.Prefix} has it. */
  public long srcHi;

  public long srcLo;

  /** Destination address. */
  public long dstHi;

  public long dstLo;

  /** Source port; 0 for ICMP. */
  public int srcPort;

  /** Destination port, or for an ICMP echo request its payload's length in bytes. */
  public int dstPort;

  /** The TCP flag byte; 0 where the header was cut before it. */
  public int flags;

  /** TCP sequence number, or an ICMP echo request's identifier and sequence number. */
  public int sequence;

  /**
   * Payload bytes behind the UDP header, as many as were captured, {@link #MAX_PAYLOAD} at most.
   */
  public final byte[] payload = new byte[MAX_PAYLOAD];

  /** How many bytes of {@link #payload} count. */
  public int payloadLength;

  /**
   * Whether {@link #payload} is not surely all of it: longer than that, captured in part, the first
   * fragment of several, or of a length that IP and UDP state differently.
   */
  public boolean payloadCut;

  /**
   * Whether the TCP or UDP header ends behind its ports. Such a packet knocks, but is never
   * admitted: no socket would take it (corpus, malformed/tcp-short-8-protected).
   */
  public boolean headerCut;

  // --- written by the gatekeeper --------------------------------------------------------------

  /** What the kernel is told. */
  public Verdict verdict = Verdict.DROP;

  /** Whether {@link #mark} goes with the verdict; otherwise the packet keeps the one it has. */
  public boolean marked;

  /** The packet's whole mark from now on, all 32 bits. */
  public int mark;

  /** Why. In observe mode, why the verdict would have been {@link #intended}. */
  public Reason reason = Reason.UNPARSABLE;

  /** The verdict that enforce mode gives. */
  public Verdict intended = Verdict.DROP;

  /** Index of the door that decided, in the policy of {@link #policy}; -1 = none. */
  public int door = -1;

  /** The policy that decided; it names the doors of the notes. */
  public @Nullable Policy policy;

  /**
   * Whether it began or carried on an attempt that a wrong knock would end: what its source sends
   * next must be seen.
   */
  public boolean mustSeePeer;

  /** What a message said, where it was authentic and its dialect says anything. */
  public @Nullable MessageReport report;

  /** A message that must be decrypted elsewhere before anybody knows what it says. */
  public @Nullable SealedMessage sealed;

  /** Its source's hash in the tables. */
  long srcHash;

  private int notes;

  /** Two per note: {@code [ door 32 | step 16 | reason 16 ]}, and its milliseconds. */
  private final long[] noted = new long[2 * MAX_NOTES];

  /** As {@link Step#destination(Protocol, int)} has it; -1 = nothing that a knock can name. */
  int destination() {
    Protocol named = protocol;
    return named == null ? -1 : Step.destination(named, dstPort);
  }

  /** Forgets the headers of the last packet in this slot. */
  void clearHeaders() {
    readable = false;
    protocol = null;
    version = 0;
    srcHi = 0;
    srcLo = 0;
    dstHi = 0;
    dstLo = 0;
    srcPort = 0;
    dstPort = 0;
    flags = 0;
    sequence = 0;
    payloadLength = 0;
    payloadCut = false;
    headerCut = false;
  }

  /** Forgets what the last packet in this slot left behind. */
  void clearDecision() {
    notes = 0;
    report = null;
    sealed = null;
    mustSeePeer = false;
    door = -1;
    marked = false;
    mark = 0;
  }

  /**
   * Remembers what this packet did to one door; the first eight are kept.
   *
   * @param reason what happened
   * @param door index of the door
   * @param step steps passed after it, 0 = none; where the attempt ended, those it had passed
   * @param millis a time that belongs to the reason (a gap, a grant's length), or -1
   */
  @SuppressWarnings("EnumOrdinal") // it never leaves this object
  void note(Reason reason, int door, int step, long millis) {
    if (notes < MAX_NOTES) {
      int at = 2 * notes++;
      noted[at] = (long) door << Integer.SIZE | step << Short.SIZE | reason.ordinal();
      noted[at + 1] = millis;
    }
  }

  /** How many notes there are. */
  public int notes() {
    return notes;
  }

  public Reason noteReason(int i) {
    return REASONS[(short) noted[2 * i]];
  }

  public int noteDoor(int i) {
    return (int) (noted[2 * i] >>> Integer.SIZE);
  }

  public int noteStep(int i) {
    return (int) noted[2 * i] >>> Short.SIZE;
  }

  public long noteMillis(int i) {
    return noted[2 * i + 1];
  }
}

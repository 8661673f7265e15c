package knockgate.rules;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One door as the packet path wants it: plain numbers, worked out once when a policy is loaded. */
final class DoorPlan {
  private static final long NO_LIMIT_MS = Long.MAX_VALUE;

  final Door door;

  /** Its tag in the grant table, for all that it protects. */
  final long grantTag;

  /** Its tag in the attempt table; another sequence under the same name has another tag. */
  final long attemptTag;

  final long coverHiV4;
  final long coverLoV4;
  final long coverHiV6;
  final long coverLoV6;

  /** How long a grant lasts, in milliseconds, or {@link GrantTable#NEVER}. */
  final long autocloseMs;

  /** What a new grant starts with. */
  final int connections;

  private final boolean[] uses = new boolean[Protocol.COUNT];
  private final Step[] steps;
  private final TcpFlags flags;
  final boolean strict;
  final boolean ignoresRepeats;
  final boolean restart;
  private final long timeMs;
  private final long windowMs;

  DoorPlan(Door door, KnockState state) {
    this.door = door;
    this.grantTag = GrantTable.tag(state.idOf(door.name()));
    this.attemptTag = state.idOf(door.name() + " knocks " + door.trigger());
    this.coverHiV4 = Prefix.maskHi(96 + door.coversV4());
    this.coverLoV4 = Prefix.maskLo(96 + door.coversV4());
    this.coverHiV6 = Prefix.maskHi(door.coversV6());
    this.coverLoV6 = Prefix.maskLo(door.coversV6());
    this.autocloseMs = door.autoclose() == null ? GrantTable.NEVER : door.autoclose().toMillis();
    this.connections = door.connections() == 0 ? GrantTable.UNLIMITED : door.connections();
    Sequence sequence = (Sequence) door.trigger();
    this.steps = sequence.steps().toArray(new Step[0]);
    this.flags = sequence.flags();
    this.strict = sequence.strict();
    this.ignoresRepeats = sequence.ignoresRepeats();
    this.restart = sequence.restart();
    this.timeMs = millis(sequence.time());
    this.windowMs = millis(sequence.window());
    for (Step step : steps) {
      uses[step.protocol().number()] = true;
    }
  }

  private static long millis(@Nullable Duration duration) {
    return duration == null ? NO_LIMIT_MS : duration.toMillis();
  }

  /** The address that a grant for this packet's source is kept under, first half. */
  long coverHi(Packet packet) {
    return packet.srcHi & (packet.version == 4 ? coverHiV4 : coverHiV6);
  }

  /** The same, second half. */
  long coverLo(Packet packet) {
    return packet.srcLo & (packet.version == 4 ? coverLoV4 : coverLoV6);
  }

  /** Whether a packet can be a right or a wrong knock for this door at all. */
  boolean isKnock(Packet packet) {
    Protocol protocol = packet.protocol;
    return protocol != null
        && uses[protocol.number()]
        && (protocol != Protocol.TCP || flags.matches(packet.flags));
  }

  /** Whether a packet goes where the step behind {@code passed} others wants it. */
  boolean isStep(int passed, Packet packet) {
    Step step = steps[passed];
    return step.protocol() == packet.protocol && step.number() == packet.dstPort;
  }

  int length() {
    return steps.length;
  }

  boolean isLast(int passed) {
    return passed + 1 == steps.length;
  }

  boolean gapExceeded(long gapMs) {
    return gapMs > timeMs;
  }

  boolean windowExceeded(long sinceFirstMs) {
    return sinceFirstMs > windowMs;
  }

  long longestPauseMs() {
    return Math.min(timeMs, windowMs);
  }

  boolean hasWindow() {
    return windowMs != NO_LIMIT_MS;
  }

  /** When a grant given now ends. */
  long deadlineMs(long nowMs) {
    return autocloseMs == GrantTable.NEVER ? GrantTable.NEVER : nowMs + autocloseMs;
  }
}

package knockgate.rules;

import java.time.Duration;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import org.jspecify.annotations.Nullable;

/** How a door's knocks are judged, as the packet path wants it. Immutable. */
final class KnockPlan {
  private static final long NO_LIMIT_MS = Long.MAX_VALUE;

  final boolean strict;
  final boolean ignoresRepeats;
  final boolean restart;

  /** Protocols whose packets can be knocks: a bit for each, by its number. */
  final int protocols;

  private final TcpFlags flags;
  private final long timeMs;
  private final long windowMs;

  KnockPlan(Sequence sequence) {
    this.flags = sequence.flags();
    this.strict = sequence.strict();
    this.ignoresRepeats = sequence.ignoresRepeats();
    this.restart = sequence.restart();
    this.timeMs = millis(sequence.time());
    this.windowMs = millis(sequence.window());
    int used = 0;
    for (Step step : sequence.steps()) {
      used |= 1 << step.protocol().number();
    }
    this.protocols = used;
  }

  private static long millis(@Nullable Duration duration) {
    return duration == null ? NO_LIMIT_MS : duration.toMillis();
  }

  /** Whether a packet can be a right or a wrong knock at all. */
  boolean isKnock(Packet packet) {
    Protocol protocol = packet.protocol;
    return protocol != null
        && (protocols >>> protocol.number() & 1) != 0
        && (protocol != Protocol.TCP || flags.matches(packet.flags));
  }

  boolean gapExceeded(long gapMs) {
    return gapMs > timeMs;
  }

  boolean windowExceeded(long sinceFirstMs) {
    return sinceFirstMs > windowMs;
  }

  boolean hasWindow() {
    return windowMs != NO_LIMIT_MS;
  }

  long longestPauseMs() {
    return Math.min(timeMs, windowMs);
  }
}

package knockgate.rules.hocon;

import java.time.Duration;
import java.util.List;
import knockgate.rules.policy.Rotating;
import knockgate.rules.spa.RotatingSequence;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code rotating}, the trigger that is a sequence that changes with time. How its knocks are
 * judged stands beside it, in the keys of {@link SequenceTerms}; window is a time step if it is not
 * written.
 *
 * <pre>
 * rotating {
 *   secret = "..."                      # 16 to 64 bytes; or secret-file
 *   range  = "tcp/20000-29999"          # 256 ports or more; knock packets to it are never answered
 *   count  = 4                          # knocks, 3 to 16
 *   step   = 30s                        # 10s or more
 * }
 * </pre>
 */
final class RotatingReader {
  private static final PortRange EXAMPLE = new PortRange(Protocol.TCP, 20_000, 29_999);
  private static final int DEFAULT_COUNT = 4;
  private static final Duration DEFAULT_STEP = Duration.ofSeconds(30);
  private static final Duration LONGEST_STEP = Duration.ofDays(1);

  private RotatingReader() {}

  /**
   * The trigger of a door.
   *
   * @param door the door's block, whose name the knocks depend on
   * @param protects what the door protects
   * @param terms how its knocks are judged
   * @return null after a mistake that leaves no trigger
   */
  static @Nullable Rotating read(
      Block door, List<PortRange> protects, SequenceTerms terms, SecretReader secrets) {
    Block rotating = door.block("rotating");
    Secret secret = readSecret(rotating, secrets);
    PortRange range = readRange(rotating);
    int count =
        rotating.number(
            "count", DEFAULT_COUNT, RotatingSequence.MIN_COUNT, RotatingSequence.MAX_COUNT);
    Duration step = readStep(rotating);
    Duration window = terms.window() == null ? step : terms.window();
    if (window.compareTo(step.multipliedBy(Rotating.MOST_STEPS)) > 0) {
      door.problem("window", "it spans more than " + Rotating.MOST_STEPS + " steps; shorten it");
      return null;
    }
    if (range == null || !isUsable(rotating, range, protects) || secret == null) {
      return null;
    }
    if (!DoorReader.isPrintable(door.name())) {
      return null; // the door was told of it
    }
    return new Rotating(
        new RotatingSequence(secret, door.name(), range, count, step),
        terms.strict(),
        terms.time(),
        window,
        terms.flags(),
        terms.ignoresRepeats(),
        terms.restart());
  }

  private static @Nullable Secret readSecret(Block rotating, SecretReader secrets) {
    Secret secret = secrets.text(rotating, "secret");
    if (secret == null) {
      if (!SecretReader.isWritten(rotating, "secret")) {
        rotating.problem(
            "secret", "nothing to derive the knocks from; write secret or secret-file");
      }
      return null;
    }
    if (secret.length() < RotatingSequence.MIN_SECRET
        || secret.length() > RotatingSequence.MAX_SECRET) {
      rotating.problem(
          "secret",
          "it has "
              + secret.length()
              + " bytes; take "
              + RotatingSequence.MIN_SECRET
              + " to "
              + RotatingSequence.MAX_SECRET
              + ", such as knockgate keygen prints");
      return null;
    }
    return secret;
  }

  private static @Nullable PortRange readRange(Block rotating) {
    if (!rotating.has("range")) {
      rotating.problem("range", "between which ports do knocks go? write \"" + EXAMPLE + "\"");
    }
    return rotating.readOrNull("range", value -> PortRange.parse(Scalar.text(value)));
  }

  private static Duration readStep(Block rotating) {
    Duration step = DurationKey.STEP.read(rotating, DEFAULT_STEP);
    boolean fits =
        step != null
            && step.compareTo(RotatingSequence.MIN_STEP) >= 0
            && step.compareTo(LONGEST_STEP) <= 0
            && step.toNanosPart() == 0;
    if (step == null || !fits) {
      rotating.problem("step", "a step is whole seconds, 10s to 1d");
      return DEFAULT_STEP;
    }
    return step;
  }

  private static boolean isUsable(Block rotating, PortRange range, List<PortRange> protects) {
    if (range.last() - range.first() + 1 < RotatingSequence.MIN_RANGE) {
      rotating.problem(
          "range", range + " is too narrow; take " + RotatingSequence.MIN_RANGE + " ports or more");
      return false;
    }
    for (PortRange other : protects) {
      if (other.protocol() == range.protocol()
          && other.first() <= range.last()
          && range.first() <= other.last()) {
        rotating.problem(
            "range", range + " meets " + other + ", which the same door protects; part them");
        return false;
      }
    }
    return true;
  }
}

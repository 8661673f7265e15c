package knockgate.rules.hocon;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import knockgate.rules.policy.Sequence;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import org.jspecify.annotations.Nullable;

/** Reads {@code knock}, the trigger that is a sequence. */
final class SequenceReader {
  private SequenceReader() {}

  /**
   * The sequence of a door.
   *
   * @param door its block, which has the key
   * @param terms how its knocks are judged
   * @return null after a mistake that leaves no sequence
   */
  static @Nullable Sequence read(Block door, SequenceTerms terms) {
    List<Step> steps = door.list("knock", "7000, 8000, 9000", SequenceReader::step);
    if (steps.size() > Sequence.MAX_STEPS) {
      door.problem(
          "knock",
          steps.size() + " steps are too many; a sequence has at most " + Sequence.MAX_STEPS);
      return null;
    }
    if (terms.time() == null && terms.window() == null) {
      door.problem(
          "time",
          "with neither time nor window an attempt would never end; give one of them a limit");
    }
    return steps.isEmpty() ? null : terms.of(steps);
  }

  /** A bare number is a TCP port; text names its protocol. */
  private static Step step(ConfigValue value) {
    return value.valueType() == ConfigValueType.NUMBER
        ? new Step(Protocol.TCP, Scalar.number(value, 1, PortRange.HIGHEST))
        : Step.parse(Scalar.text(value));
  }
}

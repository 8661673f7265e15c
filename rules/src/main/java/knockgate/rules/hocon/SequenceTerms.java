package knockgate.rules.hocon;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.Step;
import org.jspecify.annotations.Nullable;

/**
 * How knocks are judged: every key of a sequence but the knocks themselves. The components are
 * those of {@link Sequence}.
 */
record SequenceTerms(
    boolean strict,
    @Nullable Duration time,
    @Nullable Duration window,
    TcpFlags flags,
    boolean ignoresRepeats,
    boolean restart) {
  /** What holds where a policy says nothing. */
  static final SequenceTerms DEFAULT =
      new SequenceTerms(true, Duration.ofSeconds(10), null, TcpFlags.OPENING, true, true);

  /** The terms that a block writes; the others as in {@code fallback}. */
  static SequenceTerms read(Block block, SequenceTerms fallback) {
    return new SequenceTerms(
        block.flag("strict", fallback.strict),
        DurationKey.TIME.read(block, fallback.time),
        DurationKey.WINDOW.read(block, fallback.window),
        block.read("flags", fallback.flags, SequenceTerms::flags),
        block.word("repeats", fallback.ignoresRepeats, Map.of("ignore", true, "count", false)),
        block.flag("restart", fallback.restart));
  }

  /** {@code syn}, {@code any}, or a list such as {@code [ syn, "!ack" ]}. */
  private static TcpFlags flags(ConfigValue value) {
    if (!(value instanceof ConfigList list)) {
      return Scalar.word(value, Map.of("syn", TcpFlags.OPENING, "any", TcpFlags.ANY));
    }
    List<String> words = new ArrayList<>();
    for (ConfigValue element : list) {
      words.add(Scalar.text(element));
    }
    return TcpFlags.parse(words);
  }

  /** A sequence under these terms. */
  Sequence of(List<Step> steps) {
    return new Sequence(steps, strict, time, window, flags, ignoresRepeats, restart);
  }
}

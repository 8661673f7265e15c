package knockgate.rules.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sequences that another implementation made from the published formula. */
class RotatingVectorTest {
  static List<Map<String, @Nullable Object>> vectors() {
    return VectorFile.entries("rotating");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void ourSequenceIsTheRecordedOne(Map<String, @Nullable Object> vector) {
    RotatingSequence sequence =
        new RotatingSequence(
            Secret.ofText(VectorFile.text(vector, "secret")),
            VectorFile.text(vector, "door"),
            new PortRange(Protocol.TCP, number(vector, "first"), number(vector, "last")),
            number(vector, "count"),
            Duration.ofSeconds(number(vector, "step_seconds")));
    long step = sequence.stepAt(VectorFile.number(vector, "unix_time") * 1000);
    assertThat(step).isEqualTo(VectorFile.number(vector, "step"));
    assertThat(Arrays.toString(sequence.ports(step))).isEqualTo(VectorFile.text(vector, "ports"));
  }

  private static int number(Map<String, @Nullable Object> vector, String key) {
    return (int) VectorFile.number(vector, key);
  }
}

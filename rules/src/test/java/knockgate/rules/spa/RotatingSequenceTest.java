package knockgate.rules.spa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import org.junit.jupiter.api.Test;

class RotatingSequenceTest {
  private static final Secret SECRET = Secret.ofText("correct horse battery staple");
  private static final Duration HALF_MINUTE = Duration.ofSeconds(30);

  @Test
  void aStepLastsItsTimeAndNoLonger() {
    RotatingSequence sequence = sequence("imap", 20000, 29999, 4);
    assertThat(sequence.stepAt(0)).isZero();
    assertThat(sequence.stepAt(29_999)).isZero();
    assertThat(sequence.stepAt(30_000)).isOne();
    assertThat(sequence.stepAt(-1)).isEqualTo(-1);
  }

  @Test
  void everySequenceIsInRangeWithoutRepeats() {
    RotatingSequence sequence = sequence("imap", 65280, 65535, 16);
    for (long step = 0; step < 2000; step++) {
      int[] ports = sequence.ports(step);
      assertThat(ports).hasSize(16).doesNotHaveDuplicates();
      assertThat(Arrays.stream(ports)).as("step %d", step).allMatch(p -> p >= 65280 && p <= 65535);
    }
  }

  @Test
  void allPortsComeUpAboutEquallyOften() {
    RotatingSequence sequence = sequence("imap", 1024, 1279, 4);
    int[] count = new int[256];
    int steps = 20_000;
    for (long step = 0; step < steps; step++) {
      for (int port : sequence.ports(step)) {
        count[port - 1024]++;
      }
    }
    // Mean 312.5, deviation 17.6: six deviations are one miss in 500 million for one port.
    assertThat(IntStream.of(count).min().orElseThrow()).isGreaterThan(312 - 106);
    assertThat(IntStream.of(count).max().orElseThrow()).isLessThan(313 + 106);
  }

  @Test
  void stepDoorSecretAndRangeAllMatter() {
    int[] ports = sequence("imap", 20000, 29999, 4).ports(59843918);
    assertThat(sequence("imap", 20000, 29999, 4).ports(59843919)).isNotEqualTo(ports);
    assertThat(sequence("imaps", 20000, 29999, 4).ports(59843918)).isNotEqualTo(ports);
    assertThat(sequence("imap", 20000, 29998, 4).ports(59843918)).isNotEqualTo(ports);
    RotatingSequence other =
        new RotatingSequence(
            Secret.ofText("correct horse battery stapld"),
            "imap",
            new PortRange(Protocol.TCP, 20000, 29999),
            4,
            HALF_MINUTE);
    assertThat(other.ports(59843918)).isNotEqualTo(ports);
  }

  @Test
  void aLongerSequenceBeginsWithTheShorter() {
    int[] four = sequence("imap", 20000, 29999, 4).ports(7);
    assertThat(sequence("imap", 20000, 29999, 6).ports(7)).startsWith(four);
  }

  @Test
  void whatWouldBeWeakIsRefused() {
    assertThatThrownBy(() -> sequence("imap", 20000, 20254, 4)).hasMessageContaining("256 ports");
    assertThatThrownBy(() -> sequence("imap", 20000, 29999, 2)).hasMessageContaining("3 to 16");
    assertThatThrownBy(() -> sequence("imap", 20000, 29999, 17)).hasMessageContaining("3 to 16");
    assertThatThrownBy(() -> sequence("im\nap", 20000, 29999, 4)).hasMessageContaining("control");
    PortRange range = new PortRange(Protocol.TCP, 20000, 29999);
    assertThatThrownBy(
            () ->
                new RotatingSequence(Secret.ofText("a".repeat(15)), "imap", range, 4, HALF_MINUTE))
        .hasMessageContaining("16 to 64");
    assertThatThrownBy(
            () ->
                new RotatingSequence(Secret.ofText("a".repeat(65)), "imap", range, 4, HALF_MINUTE))
        .hasMessageContaining("16 to 64");
    assertThatThrownBy(
            () -> new RotatingSequence(SECRET, "imap", range, 4, Duration.ofMillis(30_500)))
        .hasMessageContaining("whole seconds");
    assertThatThrownBy(() -> new RotatingSequence(SECRET, "imap", range, 4, Duration.ofSeconds(9)))
        .hasMessageContaining("10");
  }

  private static RotatingSequence sequence(String door, int first, int last, int count) {
    return new RotatingSequence(
        SECRET, door, new PortRange(Protocol.TCP, first, last), count, HALF_MINUTE);
  }
}

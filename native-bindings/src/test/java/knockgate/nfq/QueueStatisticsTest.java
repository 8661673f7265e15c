package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueStatisticsTest {
  /** As the kernel prints it: "%5u %6u %5u %1u %5u %5u %5u %8u %2d". */
  private static final String TABLE =
      """
          0  13548     3 2   256     0     0     1042  1
          7 4294963158 16384 2 65531 12345    67 4294967295  1
      65535      1     0 0     0     0     0        0  1
      """;

  @Test
  void readsEveryColumn() {
    assertThat(QueueStatistics.parse(TABLE))
        .containsExactly(
            new QueueStatistics(0, 13548, 3, 2, 256, 0, 0, 1042),
            new QueueStatistics(7, 4294963158L, 16384, 2, 65531, 12345, 67, 4294967295L),
            new QueueStatistics(65535, 1, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void noQueuesIsAnEmptyTable() {
    assertThat(QueueStatistics.parse("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 1 2 3 4 5 6", "0 1 2 x 4 5 6 7 1", "-", "99999999999 1 2 3 4 5 6 7 1"})
  void strangeLinesAreNamed(String line) {
    assertThatThrownBy(() -> QueueStatistics.parse(TABLE + line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(line);
  }

  @Test
  void readsTheTableOfThisThreadsNamespace(@TempDir Path proc) throws IOException {
    assertThat(QueueStatistics.read(proc)).as("no such file: no queues").isEmpty();
    Path table = proc.resolve("thread-self/net/netfilter/nfnetlink_queue");
    Files.createDirectories(table.getParent());
    Files.writeString(table, TABLE);
    assertThat(QueueStatistics.read(proc)).hasSize(3);
    Files.writeString(table, "gibberish");
    assertThatThrownBy(() -> QueueStatistics.read(proc)).isInstanceOf(IOException.class);
  }
}
